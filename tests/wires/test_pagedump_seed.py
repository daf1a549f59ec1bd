"""The page this project grew from, read by its shape; none of its text is kept here.

The page lies outside the repository; without it these tests are skipped.
"""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from stoppress.wires.pagedump import decode, recognise

SEED = Path(__file__).parents[2].parent / "shared" / "seed" / "page.txt"
RETRIEVED = datetime.fromisoformat("2025-12-05T12:00:00+00:00")
MINUTE, DAY = 60, 86_400

pytestmark = pytest.mark.skipif(not SEED.exists(), reason=f"{SEED} is not here")


@pytest.fixture(scope="module")
def lines():
    return SEED.read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def dump():
    return recognise(decode(SEED.read_bytes()), RETRIEVED)


def digest(texts):
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def test_the_headline_is_the_first_line(dump, lines):
    assert (dump.headline_line, dump.headline) == (1, lines[0])


def test_the_body_is_its_nine_lines_untouched(dump, lines):
    assert digest(p.text for p in dump.body) == digest(lines[5:14])
    assert [p.first_line for p in dump.body] == list(range(6, 15))
    assert {p.kind for p in dump.body} == {"paragraph"}


def test_the_facts_under_the_headline_are_read(dump):
    assert dump.reading_minutes == 3
    assert (dump.views.count, dump.views.is_exact) == (737, True)
    assert dump.section == "WORLD"
    assert dump.language == "en"


def test_two_days_ago_is_a_day_and_not_a_second(dump):
    assert dump.published is None
    assert dump.updated.at == RETRIEVED - timedelta(days=2)
    assert dump.updated.precision_seconds == DAY


def test_the_author_is_the_person_of_line_15(dump, lines):
    (credit,) = dump.byline
    assert lines[14].endswith(credit.name)
    assert (credit.line, credit.kind) == (15, "person")


def test_the_rail_has_ten_stories_with_time_reading_time_and_section(dump, lines):
    assert [entry.headline for entry in dump.rail] == lines[16::2][:10]
    assert len(dump.rail) == 10
    assert {entry.section for entry in dump.rail} == {"WORLD"}
    assert [entry.reading_minutes for entry in dump.rail] == [1, 3, 1, 3, 3, 2, 2, 2, 3, 4]
    ages = [(RETRIEVED - entry.published.at).total_seconds() for entry in dump.rail]
    assert ages == [43, 60, 60, 120, 420, 420, 480, 540, 600, 600]
    assert [e.published.precision_seconds for e in dump.rail] == [1] + [MINUTE] * 9


def test_furniture_is_told_from_text(dump):
    assert [(f.line, f.is_known) for f in dump.furniture] == [(16, True)]


def test_lost_apostrophes_and_merged_words_are_suspected_with_their_lines(dump):
    by_apostrophe = [r.line for r in dump.damage if "apostrophe" in r.what]
    merged = [r.line for r in dump.damage if "lost between them" in r.what]
    assert by_apostrophe == [7, 8, 9, 11, 12, 12, 12, 12, 13]
    assert merged == [12]
