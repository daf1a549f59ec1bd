"""Reading manuscripts: what the markup becomes, and what a writer is told about a mistake."""

from datetime import UTC, datetime

import pytest

from stoppress.demo.ages import moment_of, name_days
from stoppress.demo.errors import BadManuscript
from stoppress.demo.manuscripts import read_file
from stoppress.demo.markup import Reference, blocks_of, link_stories

NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)  # a Monday


@pytest.mark.parametrize(
    ("age", "moment"),
    [
        ("3d 4h", datetime(2026, 11, 20, 8, 30, tzinfo=UTC)),
        ("25m", datetime(2026, 11, 23, 12, 5, tzinfo=UTC)),
        ("2d at 22:10", datetime(2026, 11, 21, 22, 10, tzinfo=UTC)),
        ("0d at 07:50", datetime(2026, 11, 23, 7, 50, tzinfo=UTC)),
        ("0d at 18:00", datetime(2026, 11, 22, 18, 0, tzinfo=UTC)),
    ],
)
def test_ages_count_back_from_now(age, moment):
    assert moment_of(age, NOW) == moment


def test_an_age_that_is_none_is_refused():
    with pytest.raises(ValueError, match="“yesterday” is no age"):
        moment_of("yesterday", NOW)


def test_days_are_named_as_they_fall():
    assert name_days("{weekday}, {weekday -1}, {date +8}", NOW) == "Monday, Sunday, 1 December"


def test_paragraphs_in_a_row_are_one_block():
    assert blocks_of("One *and* **two**.\n\nThree & four.") == [
        ("text", "<p>One <i>and</i> <b>two</b>.</p><p>Three &amp; four.</p>")
    ]


def test_each_kind_of_block_is_recognised():
    text = (
        "## Then\n\n- a\n- b\n\n1. c\n\n> Said.\n> — Her\n\n| A | B |\n|---|---|\n| 1 | 2 |\n"
        "Table: T\n\n::: fact Box\n- x\n\nText.\n:::\n\n![harbour]\n\n-> older"
    )
    kinds = [kind for kind, _ in blocks_of(text)]
    assert kinds == [
        "subheading", "list", "list", "pull_quote", "table", "fact_box", "picture", "related_story",
    ]  # fmt: skip


def test_a_quote_names_who_said_it():
    assert blocks_of("> One\n> two.\n> — Her") == [
        ("pull_quote", {"quote": "One two.", "attribution": "Her"})
    ]


def test_pictures_and_stories_are_named_not_numbered():
    assert blocks_of("-> older") == [("related_story", Reference("story", "older"))]


def test_links_become_the_ids_of_stories():
    ((_, markup),) = blocks_of("See [the vote](vote).")
    assert link_stories(markup, {"vote": 7}) == '<p>See <a linktype="page" id="7">the vote</a>.</p>'


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("no fence", "A story begins with TOML"),
        ('+++\nage = "1d"\n+++\nText.', "The story has no headline"),
        ('+++\nage = "1d\n+++\nText.', "This is not TOML"),
        ('+++\nage="1d"\nheadline="H"\nbyline=["a"]\ncolour="red"\n+++\n', "“colour” is nothing"),
        ('+++\nage="1d"\nheadline="H"\nbyline=["a"]\n+++\n::: fact X\ntext', "never closed"),
        ('+++\nage="1d"\nheadline="H"\nbyline=["a"]\n+++\n|a|b|\n|-|-|\n|c|', "not as long"),
        (
            '+++\nage="1d"\nheadline="H"\nbyline=["a"]\nupdates=[["update","2d","T"]]\n+++\nText',
            "dated before the story",
        ),
    ],
)
def test_a_mistake_is_named_with_its_file_and_line(tmp_path, text, fault):
    file = tmp_path / "shorts" / "city.md"
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadManuscript, match=fault) as raised:
        read_file(file, NOW)
    assert str(raised.value).startswith("city.md, line 1:")
