"""The reference is written from code, and the docs name nothing that isn't there."""

import re
import tomllib
from pathlib import Path

import pytest

from scripts.list_benches import benches
from scripts.write_reference import commands_page, contexts, settings_page
from stoppress.cli.main import COMMANDS, main
from stoppress.config.options import HOME_VARIABLE, SETTINGS
from stoppress.config.reading import OTHER_VARIABLES

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [*DOCS.rglob("*.md"), *ROOT.glob("*.md")]
LONGEST_EXPLANATION_LINES = 120


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def test_the_settings_page_is_what_the_code_says():
    page = (DOCS / "reference" / "settings.md").read_text("utf-8")
    assert page == settings_page(), "run: make docs"


def test_the_commands_page_is_what_the_code_says():
    page = (DOCS / "reference" / "commands.md").read_text("utf-8")
    assert page == commands_page(), "run: make docs"


def test_every_command_and_option_explains_itself():
    for context in contexts(main, "stoppress"):
        assert context.command.help, context.command_path
        for parameter in context.command.params:
            if parameter.param_type_name == "option":
                assert parameter.help, f"{context.command_path} {parameter.opts[0]}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if not target.startswith(("http://", "https://", "#", "mailto:")):
            assert (page.parent / target.partition("#")[0]).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_in_the_docs_exist(page):
    for word in re.findall(r"(?:^|[`&] ?|/)stoppress ([a-z]+)\b", page.read_text("utf-8"), re.M):
        assert word in COMMANDS, word


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_settings_in_the_docs_exist(page):
    known = {setting.name for setting in SETTINGS} | OTHER_VARIABLES | {HOME_VARIABLE}
    for name in re.findall(r"\bSTOPPRESS_[A-Z_]*[A-Z]", page.read_text("utf-8")):
        assert name in known, name


@pytest.mark.parametrize("page", [*DOCS.glob("explanation/*.md")], ids=name_of)
def test_an_explanation_is_short_enough_to_be_read(page):
    assert len(page.read_text("utf-8").splitlines()) <= LONGEST_EXPLANATION_LINES


def test_every_dependency_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    reasons = (DOCS / "explanation" / "dependencies.md").read_text("utf-8").lower()
    for line in project["dependencies"]:
        name = re.split(r"[<>=\[~! ]", line)[0].lower()
        assert f"**{name}**" in reasons, name


def test_every_room_has_its_page():
    layers = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    rooms = [layer.removeprefix("stoppress.") for layer in layers["contracts"][0]["layers"]]
    pages = {page.stem for page in (DOCS / "explanation").glob("*.md")}
    assert set(rooms) - {"dossiers"} <= pages


def test_every_benchmark_says_what_it_asks_its_command_and_how_long_it_takes():
    for bench in benches():
        where = f"{bench.command}: its docstring needs"
        assert bench.question, f"{where} a question first: how far is a hit from nginx?"
        assert f"Run: {bench.command}." in bench.text, f"{where} “Run: {bench.command}.”"
        assert bench.takes, f"{where} “Takes half a minute.”"
