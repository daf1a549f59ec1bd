"""Write src/stoppress/cli/blank.sql, as all migrations leave a database. Run by `make blank`.

With --check, only say whether the file lacks a migration; `make check` asks.
"""

import os
import sys
import tempfile
from pathlib import Path

HOME = tempfile.TemporaryDirectory(prefix="stoppress-blank-")
os.environ["STOPPRESS_HOME"] = HOME.name
os.environ["DJANGO_SETTINGS_MODULE"] = "stoppress.config.settings"
(Path(HOME.name) / "data").mkdir()

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db.migrations.loader import MigrationLoader  # noqa: E402

from stoppress.cli import blank  # noqa: E402

TARGET = Path(blank.__file__).with_name(blank.FILE)


def main() -> None:
    """Migrate an empty database and write down what came of it."""
    call_command("migrate", interactive=False, verbosity=0)
    text = "\n".join(blank.dump())
    TARGET.write_text(f"{blank.HEADER}{text}\n", encoding="utf-8")


def check() -> None:
    """End with 1 if a migration is newer than the file."""
    known = MigrationLoader(None).disk_migrations.keys()
    newer = sorted(known ^ blank.named_migrations(blank.blank_text()))
    if newer:
        names = ", ".join(f"{app}.{name}" for app, name in newer)
        sys.exit(f"{TARGET.name} and the migrations differ in: {names}. Run: make blank")


if __name__ == "__main__":
    check() if sys.argv[1:] == ["--check"] else main()
