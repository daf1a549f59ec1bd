"""What may stand in a text field. Text is refused with its fault named, never changed.

Refused are control characters, code points that are no characters, and bidirectional overrides,
embeddings and isolates that are not closed in their own paragraph: left open, they turn the text
around them (Unicode Standard Annex 9; "Trojan Source", CVE-2021-42574). Every other character is
kept as it came, composed or not, in any script.
"""

import html
import re
import sys
import unicodedata

from django.core.exceptions import ValidationError

LINE_BREAKS = frozenset("\n\r\u2028\u2029\x85")
PROSE_CONTROLS = frozenset("\n\r\t")
BIDI_OPENERS = {
    "\u202a": "\u202c",  # embeddings and overrides close with POP DIRECTIONAL FORMATTING
    "\u202b": "\u202c",
    "\u202d": "\u202c",
    "\u202e": "\u202c",
    "\u2066": "\u2069",  # isolates close with POP DIRECTIONAL ISOLATE
    "\u2067": "\u2069",
    "\u2068": "\u2069",
}
BIDI_CLOSERS = frozenset(BIDI_OPENERS.values())
NUMERIC_ENTITY = re.compile(r"&#(?:x(?P<hex>[0-9a-f]{1,8})|(?P<decimal>[0-9]{1,10}));?", re.I)
# All that can be a fault of any kind: a text without any of these needs no look at each character.
SUSPECT = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane + 0xFFFE) + chr(plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000))
    + "]"
)
PARAGRAPH_END = re.compile(r"[\n\r\u2028\u2029]|</?(?:p|li|h[1-6]|br|hr|blockquote)\b[^>]*>", re.I)


def validate_line(value: object) -> None:
    """Refuse text that cannot stand in a one-line field."""
    _refuse(fault_in(str(value), allowed=frozenset()))


def validate_prose(value: object) -> None:
    """Refuse text that cannot stand in a field of several lines."""
    _refuse(fault_in(str(value), allowed=PROSE_CONTROLS))


def validate_markup(value: object) -> None:
    """Refuse rich text whose characters, entities resolved, could not stand in prose."""
    source = getattr(value, "source", value)
    text = html.unescape(NUMERIC_ENTITY.sub(_character, str(source)))
    _refuse(fault_in(text, allowed=PROSE_CONTROLS))


def _character(entity: re.Match[str]) -> str:
    # html.unescape drops numbers of control characters; browsers show them.
    number = int(entity["hex"], 16) if entity["hex"] else int(entity["decimal"])
    return chr(number) if number <= sys.maxunicode else "\ufffe"


def fault_in(text: str, *, allowed: frozenset[str] = PROSE_CONTROLS) -> str:
    """The first fault of a text as a whole sentence with its position; empty if there is none."""
    if text.isprintable() or SUSPECT.search(text) is None:  # no suspect is printable; far quicker
        return ""
    for position, character in enumerate(text, start=1):
        if character not in allowed and (fault := _character_fault(character)):
            return (
                f"Character {position} is {fault} ({_code_point(character)}). Remove it, "
                "or put what it should have been."
            )
    return _bidi_fault(text)


def _character_fault(character: str) -> str:
    if character in LINE_BREAKS:
        return "a line break, which this field has no room for"
    category = unicodedata.category(character)
    if category == "Cc":
        return "a control character"
    if category == "Cs":
        return "half a character (a lone surrogate)"
    if ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF:
        return "not a character of any script"
    return ""


def _bidi_fault(text: str) -> str:
    start = 0
    for end in [*PARAGRAPH_END.finditer(text), None]:
        stop = end.start() if end else len(text)
        if fault := _open_bidi(text[start:stop], start):
            return fault
        start = end.end() if end else stop
    return ""


def _open_bidi(paragraph: str, offset: int) -> str:
    opened: list[tuple[str, int]] = []
    for position, character in enumerate(paragraph, start=offset + 1):
        if character in BIDI_OPENERS:
            opened.append((character, position))
        elif character in BIDI_CLOSERS:
            if not opened or BIDI_OPENERS[opened[-1][0]] != character:
                return _unpaired(character, position, "closes what was never opened")
            opened.pop()
    if not opened:
        return ""
    return _unpaired(*opened[-1], "is never closed in its paragraph")


def _unpaired(character: str, position: int, what: str) -> str:
    return (
        f"Character {position} ({_code_point(character)}, {unicodedata.name(character).lower()}) "
        f"{what} and would turn the text around it. Remove it or pair it."
    )


def _code_point(character: str) -> str:
    return f"U+{ord(character):04X}"


def _refuse(fault: str) -> None:
    if fault:
        raise ValidationError(fault, code="text")
