"""`stoppress import page`: what it shows, what it does, how it says no."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from stoppress.cli import opening
from stoppress.cli.main import main
from stoppress.newsroom.models import Article
from stoppress.wires.models import Take
from stoppress.wires.pagedump import MAX_BYTES
from tests.wires.dumps import FIXTURES

FERRY = FIXTURES / "english__facts_under_headline.txt"
DAMAGED = FIXTURES / "damaged__several_kinds.txt"
RETRIEVED = "2026-03-02T12:00:00Z"


@pytest.fixture
def newsroom(paper, tmp_path, monkeypatch) -> Path:
    """The paper as a folder that the command finds."""
    (tmp_path / "stoppress.toml").write_text('paper_name = "The Tidewater Post"\n')
    monkeypatch.setenv("STOPPRESS_HOME", str(tmp_path))
    return tmp_path


def run(*arguments, stdin=None):
    return CliRunner().invoke(main, ["import", "page", *map(str, arguments)], input=stdin)


def ran(*arguments, stdin=None):
    result = run(*arguments, "--retrieved", RETRIEVED, stdin=stdin)
    assert result.exit_code == 0, result.output
    return result.output


def test_it_shows_what_it_recognised_and_where_the_story_is(newsroom):
    output = ran(FERRY, "--section", "World", "--publish")
    for expected in (
        "Ferry strike leaves islanders waiting for a third day (line 1)",
        "Ingrid Vantongeren (person, line 11)",
        "2026-03-02 07:00, to the hour",
        "4 min, as stated",
        "1,204",
        "5 paragraphs",
        "line 13  2026-03-02 11:59:40, to the second  2 min  CULTURE",
        "line 2: No time of publication is given",
        "Published in World",
        "at /world/2026/03/02/ferry-strike-leaves-islanders-waiting-for-a-third-day/",
        "Opening balance: 1,204 views",
        "Takes: 3 from the rail",
    ):
        assert expected in output


def test_it_shows_suspected_damage_with_line_numbers(newsroom):
    output = ran(DAMAGED, "--dry-run")
    assert "line 5: “didnt” seems to have lost an apostrophe." in output
    assert "line 9: “house.It” has no space after its sentence's end." in output


def test_a_missing_section_is_made_and_said(newsroom):
    assert "The section Outer Skerries was missing: it was made." in ran(
        FERRY, "--section", "Outer Skerries"
    )


def test_a_draft_is_said_to_be_one(newsroom):
    assert "Imported as a draft in World" in ran(FERRY, "--section", "World")


def test_a_second_import_says_so_and_changes_nothing(newsroom):
    ran(FERRY, "--section", "World", "--publish")
    takes = Take.objects.count()
    output = ran(FERRY, "--section", "World", "--publish")
    assert "Already imported as" in output
    assert (Article.objects.count(), Take.objects.count()) == (1, takes)


def test_a_dry_run_changes_nothing(newsroom):
    assert "Headline" in ran(FERRY, "--dry-run")
    assert not Article.objects.exists()


def test_a_dry_run_needs_no_newsroom(tmp_path, monkeypatch):
    monkeypatch.setenv("STOPPRESS_HOME", str(tmp_path))
    assert run(FERRY, "--retrieved", RETRIEVED, "--dry-run").exit_code == 0


def test_standard_input_is_read_for_a_dash(newsroom):
    output = ran("-", "--section", "World", stdin=FERRY.read_bytes())
    assert "Recognised in standard input" in output
    assert Article.objects.count() == 1


def test_marks_that_would_steer_a_terminal_are_named_instead(newsroom):
    text = FERRY.read_text(encoding="utf-8").replace("Ferry strike", "Ferry\x1b[2J strike")
    result = run("-", "--retrieved", RETRIEVED, "--dry-run", stdin=text.encode())
    assert "\x1b" not in result.output
    assert "<U+001B>" in result.output


BAD_FILES = {
    "missing.txt": (None, "does not exist"),
    "empty.txt": (b"", "The dump is empty"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "it is a PNG picture"),
    "binary.txt": (bytes(range(256)) * 20, "The dump is not text"),
    "huge.txt": (b"word " * 10_000_000, "50,000,000 bytes"),
    "latin.txt": ("Café déjà vu à l’été\n".encode("cp1252") * 30, "iconv -f"),
    "source.txt": (b"<!DOCTYPE html><html>", "HTML source"),
    "words.txt": (b"a few words\n", "No story was found"),
    "body.txt": (b"\n".join(FERRY.read_bytes().splitlines()[5:10]), "No headline was found"),
    "bidi.txt": (
        FERRY.read_bytes().replace(b"Bread", "Br\u202eead".encode()),
        "never closed",
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_gets_a_sentence_and_a_code_and_leaves_nothing_behind(newsroom, name):
    data, sentence = BAD_FILES[name]
    file = newsroom / name
    if data is not None:
        file.write_bytes(data)
    result = run(file, "--retrieved", RETRIEVED, "--section", "World", "--publish")
    assert result.exit_code != 0
    assert sentence in result.output
    assert "Traceback" not in result.output
    assert not Article.objects.exists()
    assert not Take.objects.exists()


def test_a_folder_is_no_page(newsroom):
    result = run(newsroom, "--retrieved", RETRIEVED)
    assert (result.exit_code, "is a folder" in result.output) == (1, True)


def test_endless_input_is_cut_at_the_limit(newsroom):
    result = run("-", "--retrieved", RETRIEVED, stdin=b"word " * (MAX_BYTES // 4))
    assert (result.exit_code, "too many bytes" in result.output) == (1, True)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("yesterday", "no date and time"),
        ("", "no date and time"),
        ("2025-12-05T12:00:00", "no time zone"),
        ("2025-12-05", "no time zone"),
        ("0001-01-01T00:00:00+14:00", "before there were pages"),
        ("9999-12-31T23:59:59-12:00", "in the future"),
        ("2999-01-01T00:00:00Z", "in the future"),
    ],
)
def test_a_moment_that_can_not_be_is_refused(newsroom, value, reason):
    result = run(FERRY, "--retrieved", value, "--section", "World")
    assert result.exit_code == 1
    assert reason in result.output


def test_the_moment_must_be_given(newsroom):
    result = run(FERRY)
    assert result.exit_code == 2
    assert "--retrieved" in result.output


def test_a_folder_that_is_no_newsroom_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("STOPPRESS_HOME", str(tmp_path))
    result = run(FERRY, "--retrieved", RETRIEVED)
    assert result.exit_code == 1
    assert "is no newsroom" in result.output
    assert opening.SETTINGS_MODULE
