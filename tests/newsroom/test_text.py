"""What may stand in a text field: faults are named with their place, nothing is changed."""

import sys

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from stoppress.newsroom.text import (
    SUSPECT,
    _bidi_fault,
    _character_fault,
    fault_in,
    validate_line,
    validate_markup,
    validate_prose,
)

FINE = [
    "Plain words",
    "Çay, café, cafe\u0301: composed or not",
    "👩‍🚒 and 🇵🇹",
    "سَلام عليكم",
    "שלום\u200f!",
    "\u2068שלום\u2069 in an isolate",
    "\u202bשלום\u202c embedded",
    "nested \u2067\u2066a\u2069\u2069",
    "可以",
    "soft\u00adhyphen and zero\u200bwidth",
    "\ufffd",  # damage, but a character: importers point at it, nobody loses it
]


@pytest.mark.parametrize("text", FINE)
def test_text_of_any_script_is_fine(text):
    validate_line(text)
    validate_prose(text)
    validate_markup(f"<p>{text}</p>")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("bell\x07", "Character 5 is a control character (U+0007)"),
        ("nul\x00l", "Character 4 is a control character (U+0000)"),
        ("\x85", "Character 1 is a line break"),
        ("\x92apostrophe", "Character 1 is a control character (U+0092)"),
        ("a\ud800", "Character 2 is half a character"),
        ("\ufffe", "Character 1 is not a character"),
        ("\U0001ffff", "Character 1 is not a character"),
        ("ab\u202e gnihtyreve", "Character 3 (U+202E, right-to-left override) is never closed"),
        ("x\u2066y", "Character 2 (U+2066, left-to-right isolate) is never closed"),
        ("x\u202c", "Character 2 (U+202C, pop directional formatting) closes what was never"),
        ("\u2066a\u202c\u2069", "Character 3 (U+202C, pop directional formatting) closes"),
        ("two\nlines", "Character 4 is a line break"),
        ("tab\there", "Character 4 is a control character (U+0009)"),
    ],
)
def test_a_fault_is_named_with_its_place(text, told):
    with pytest.raises(ValidationError) as refused:
        validate_line(text)
    assert refused.value.messages[0].startswith(told)


def test_prose_may_have_lines_but_no_isolate_across_them():
    validate_prose("two\r\nlines\tand a tab")
    with pytest.raises(ValidationError, match="never closed in its paragraph"):
        validate_prose("\u2067one\ntwo\u2069")


def test_markup_is_judged_with_its_entities_resolved():
    with pytest.raises(ValidationError, match="control character"):
        validate_markup("<p>a&#1;b</p>")
    with pytest.raises(ValidationError, match="never closed in its paragraph"):
        validate_markup("<p>\u202eone</p><p>two\u202c</p>")


@given(st.text(max_size=200))
def test_any_text_gets_a_verdict(text):
    assert isinstance(fault_in(text), str)


def test_no_fault_escapes_the_first_look():
    for character in map(chr, range(sys.maxunicode + 1)):
        looked_at = SUSPECT.search(character) is not None
        assert looked_at == bool(_character_fault(character) or _bidi_fault(character)), character
