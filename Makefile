# What to type. `make demo` is all a visitor needs; contributors read CONTRIBUTING.md.

PORT ?= 8000
TESTS ?= tests
PYTEST = .venv/bin/python -m pytest

.PHONY: help demo test check check-types check-rest format docs screenshots blank robots lock bench bench-all clean

help:
	@echo "make demo [PORT=8000]   look around in an invented paper"
	@echo "make test [TESTS=…]     run the tests, of some paths if named"
	@echo "make check              lint, types, room order, migrations, docs"
	@echo "make format             put code into its one shape"
	@echo "make docs               write the reference pages anew from code"
	@echo "make screenshots        take the pictures in the docs anew"
	@echo "make robots             write the public lists of robots anew, after updating them"
	@echo "make blank              write the blank database anew, after new migrations"
	@echo "make lock               pin what is installed"
	@echo "make bench              list the benchmarks; make bench-NAME [ARGS=…] runs one"

demo:
	@scripts/venv.sh
	@exec .venv/bin/stoppress demo --port $(PORT) --dir demo-newsroom

test: dev
	@scripts/test-tools.sh
	@scripts/test.sh $(TESTS)

# Types take as long as all the rest.
check: dev
	@$(MAKE) --no-print-directory -j2 --output-sync=target check-types check-rest

check-types:
	.venv/bin/mypy

check-rest:
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/lint-imports
	@scripts/check-migrations.sh
	$(PYTEST) tests/docs -q

format: dev
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

docs: dev
	.venv/bin/python scripts/write_reference.py

screenshots: dev
	@scripts/test-tools.sh
	.venv/bin/python -m scripts.write_screenshots

blank: dev
	.venv/bin/python scripts/write_blank.py

robots: dev
	.venv/bin/python scripts/write_robots.py

lock:
	.venv/bin/python scripts/lock.py

bench: dev
	@.venv/bin/python scripts/list_benches.py

bench-all: dev
	@set -e; for file in $$(grep -l '^if __name__ ==' bench/*.py); do \
		echo "$$file"; $(MAKE) --no-print-directory bench-$$(basename "$$file" .py); \
	done

# bench/NAME.py, with - or _ in its name.
bench-%: dev
	@test -f bench/$(subst -,_,$*).py || { \
		echo "There is no bench/$(subst -,_,$*).py. These are there:"; \
		.venv/bin/python scripts/list_benches.py; exit 1; } >&2
	@scripts/test-tools.sh
	@.venv/bin/python -m bench.$(subst -,_,$*) $(ARGS)

clean:
	rm -rf demo-newsroom build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

.PHONY: dev
dev:
	@scripts/venv.sh dev
