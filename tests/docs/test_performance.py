"""The page of measurements names only benchmarks that are there, with options they take."""

import importlib
import re
import shlex

import pytest

from bench import results
from scripts.list_benches import benches

SECTIONS = results.sections(results.PAGE.read_text("utf-8"))
COMMAND = re.compile(r"^`(make bench-[a-z-]+)(?: ARGS=(.+))?`, \d{4}-\d\d-\d\d: \d+ core", re.M)


@pytest.mark.parametrize("command", [bench.command for bench in benches()])
def test_every_bench_has_its_results_on_the_page(command):
    name = command.removeprefix("make bench-").replace("-", "_")
    assert name in SECTIONS, f"run: {command} ARGS=--write"


@pytest.mark.parametrize("name", SECTIONS)
def test_the_command_of_a_section_can_be_run(name):
    ((command, options),) = COMMAND.findall(SECTIONS[name])
    assert command in {bench.command for bench in benches()}
    assert command == f"make bench-{name.replace('_', '-')}"
    words = shlex.split(" ".join(shlex.split(options)))
    importlib.import_module(f"bench.{name}").parser().parse_args(words)


def test_a_section_replaces_its_own_and_leaves_the_others(tmp_path, monkeypatch, capsys):
    page = tmp_path / "performance.md"
    page.write_text("# Performance\n\nHow to rerun.\n", "utf-8")
    monkeypatch.setattr(results, "PAGE", page)
    results.put_section("print", "## Print\n")
    results.put_section("edge", "## Edge, first\n")
    report = results.Report("edge", "Edge, again")
    report.table(["", "requests/s"], [["edge", 41234.5], ["nginx", 40000]])
    report.ratio(41234.5, 40000, "of nginx's requests a second")
    report.close(write=False)
    assert "first" in page.read_text("utf-8")
    report.close(write=True)
    text = page.read_text("utf-8")
    assert text.startswith(
        "# Performance\n\nHow to rerun.\n\n<!-- bench:edge -->\n## Edge, again\n"
    )
    assert "| edge  |     41,234 |" in text
    assert "- **1.03** of nginx's requests a second" in text
    assert results.sections(text).keys() == {"edge", "print"}
    assert "Edge, again" in capsys.readouterr().out
