"""Each dump in fixtures/pagedump is read as the file beside it says."""

import re

import pytest

from tests.wires.dumps import as_json, expected, fixture_paths, recognised

PATHS = fixture_paths()
by_name = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


@by_name
def test_a_dump_is_read_as_expected(path):
    assert as_json(recognised(path)) == expected(path)


@by_name
def test_the_body_is_the_dumps_own_text_in_its_order(path):
    text = path.read_text(encoding="utf-8")
    place = 0
    for paragraph in recognised(path).body:
        place = text.index(paragraph.text, place) + len(paragraph.text)


@by_name
def test_every_line_is_accounted_for_once(path):
    dump = recognised(path)
    body = [n for p in dump.body for n in range(p.first_line, p.last_line + 1)]
    named = [*body, *(f.line for f in dump.furniture), *(r.line for r in dump.rail)]
    named.append(dump.headline_line)
    assert len(named) == len(set(named))


@by_name
def test_no_furniture_is_in_the_body(path):
    furniture = re.compile(
        r"(?:share|advertisement|anzeige|publicité|publicidad|teilen|分享|广告|إعلان|"
        r"\d+ min read)\Z",
        re.IGNORECASE,
    )
    assert not [p.text for p in recognised(path).body if furniture.match(p.text)]


def test_there_are_layouts_enough():
    assert len(PATHS) >= 12
    assert all(path.with_suffix(".json").exists() for path in PATHS)
