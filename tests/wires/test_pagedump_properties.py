"""What holds for any input: text is never changed, nothing crashes, time is linear."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stoppress.wires.errors import WireError
from stoppress.wires.pagedump import decode, recognise
from tests.wires.dumps import RETRIEVED, fixture_paths

FIXTURE_LINES = [
    line
    for path in fixture_paths()
    for line in path.read_text(encoding="utf-8").splitlines()
    if line.strip()
]
FURNITURE = ["Share", "3 min read", "Advertisement", "Anzeige", "分享", "إعلان", "737 Views"]

any_line = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200)
lines = st.lists(st.one_of(st.sampled_from(FIXTURE_LINES), any_line), max_size=30)
pages = lines.map("\n".join)


@given(pages)
@settings(max_examples=120, deadline=None)
@example("Title\n\nBy\n\n" + "word " * 60)
@example("\n".join(["2 days ago"] * 30))
@example("By: \nLast update:\nViews:")
def test_what_comes_out_was_in_the_text_in_its_order(text):
    try:
        dump = recognise(text, RETRIEVED)
    except WireError:
        return
    source = text.replace("\r\n", "\n").replace("\r", "\n")
    assert dump.headline in source
    assert dump.standfirst in source
    place = 0
    for paragraph in dump.body:
        place = source.index(paragraph.text, place) + len(paragraph.text)
    for entry in dump.rail:
        assert entry.headline in source
    for credit in dump.byline:
        assert all(word in source for word in credit.name.split())


@given(pages, st.integers(0, 2_000_000_000))
@settings(max_examples=60, deadline=None)
def test_no_input_and_no_moment_breaks_the_reading(text, seconds):
    retrieved = datetime.fromtimestamp(seconds, UTC)
    complaint = ""
    try:
        recognise(text, retrieved)
    except WireError as error:
        complaint = str(error)
    assert not complaint or complaint.endswith(".")


@given(st.one_of(st.binary(max_size=3_000), pages.map(str.encode)))
@settings(max_examples=120, deadline=None)
def test_bytes_are_text_as_it_was_or_a_sentence_why_not(data):
    text, complaint = None, ""
    try:
        text = decode(data)
    except WireError as error:
        complaint = str(error)
    encodings = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")
    if text is None:
        assert complaint.endswith((".", "PAGE.html"))
    else:
        assert any(_same(data, text, encoding) for encoding in encodings)


def _same(data, text, encoding):
    try:
        return data.decode(encoding) == text
    except UnicodeDecodeError:
        return False


@given(st.sampled_from(fixture_paths()), st.sampled_from(FURNITURE), st.integers(0, 100))
@settings(max_examples=60, deadline=None)
def test_furniture_put_anywhere_never_gets_into_the_body(path, furniture, place):
    found = path.read_text(encoding="utf-8").splitlines()
    found.insert(place % (len(found) + 1), furniture)
    try:
        dump = recognise("\n".join(found), RETRIEVED)
    except WireError:
        return
    assert furniture not in [p.text for p in dump.body]
    assert dump.headline != furniture


HOSTILE = {
    "one long word": "a" * 60_000,
    "one long line": "word and word, " * 4_000,
    "numbers": "1 234 567 " * 6_000,
    "spaces": "a" + " " * 60_000 + "b.",
    "quotes": '"' * 60_000,
    "mojibake": "Ã©" * 8_000,
    "brackets": "(" * 60_000,
    "capitals": "A.B" * 20_000,
    "many facts": "2 days ago\n" * 400,
    "many names": "By Ann Bly and Cy Dow\n" * 200,
    "many headlines": "A headline that is short\n3 min read\n" * 120,
    "many paragraphs": "This is a sentence that goes on and on, and then it ends.\n" * 200,
    "dashes": "- - - | | · · " * 4_000,
    "entities": "&amp;#39;" * 6_000,
}


@pytest.mark.parametrize("filler", HOSTILE.values(), ids=HOSTILE.keys())
def test_time_grows_with_the_length_and_no_faster(filler):
    """Four times the text may take eight times as long, no more (it would be 16 if quadratic)."""
    story = "A headline stands here\n\nThis is a sentence of the story, and it goes on a while.\n"

    def seconds(text):
        started = time.process_time()  # what others do on this machine doesn't count
        recognise(text, RETRIEVED)
        return time.process_time() - started

    once = min(seconds(story + filler) for _ in range(2))
    four = seconds(story + filler * 4)
    assert four < 8 * once + 0.2
