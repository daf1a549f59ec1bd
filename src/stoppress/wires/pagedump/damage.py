"""Suspected damage to the text, with line numbers. Nothing is mended here.

Four families: characters read in a wrong encoding, characters lost for good, markup left over,
and words that lost the apostrophe, dash or space between them. The last is judged by the text's
own vocabulary: "Marlows" is suspect in a text that knows a Marlow.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from stoppress.wires.pagedump.shapes import Remark
from stoppress.wires.pagedump.vocabulary import Vocabulary

MAX_REMARKS = 200

_FOREIGN_RUN = re.compile(r"[^\x00-\x7f]{2,40}")
_WRONG_READINGS = (
    ("cp1252", "Windows-1252"),
    ("latin-1", "ISO 8859-1"),
    ("cp1251", "Windows-1251"),
)
_WESTERN = re.compile(
    r"[\u00a0-\u017f\u0400-\u04ff\u0600-\u06ff\u2000-\u2122\u3000-\u9fff\U0001f000-\U0001ffff]+"
)
# Cyrillic letters in pairs happen to be valid UTF-8 now and then ("Её"); words of them don't.
_CYRILLIC = re.compile(r"[\u0400-\u04ff]{3,}|[\u2010-\u2026]+")
_LIKELY = {"cp1252": _WESTERN, "latin-1": _WESTERN, "cp1251": _CYRILLIC}
_UNDEFINED_IN_1252 = {0x81, 0x8D, 0x8F, 0x90, 0x9D}
_QUESTIONED = re.compile(r"(?<![/=&?\w.])[^\W\d_]+\?[a-z][^\W\d_]{0,12}(?![\w=/])")
_ENTITY = re.compile(r"&(?:amp;)?(?:#\d{2,5}|#x[0-9a-f]{2,5}|[a-z]{2,8});", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:p|br|div|span|a|b|i|em|strong|img|ul|li|h[1-6])\b[^<>]{0,80}>", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")
_MISSING_SPACE = re.compile(r"(?<![\w./@:])[a-z]{3,}[.!?][A-Z][a-z]+(?![\w/@]|\.[a-z])")
_DOUBLE_QUOTES = {"“": "”", "«": "»", "「": "」", "『": "』"}


def suspected_damage(texts: Sequence[tuple[int, str]], language: str) -> tuple[Remark, ...]:
    """Return what looks damaged in the numbered texts, at most MAX_REMARKS of it."""
    vocabulary = Vocabulary(text for _, text in texts)
    found: list[Remark] = []
    before = ""
    for number, text in texts:
        found += [
            Remark(number + text.count("\n", 0, place), what)
            for place, what in sorted(islice(_in_text(text, vocabulary, language), MAX_REMARKS + 1))
        ]
        found += [Remark(number, what) for what in _unbalanced_quotes(text, before, language)]
        before = text
        if len(found) > MAX_REMARKS:
            break
    unique = list(dict.fromkeys(found))
    if len(unique) > MAX_REMARKS:
        last = unique[MAX_REMARKS - 1].line
        unique[MAX_REMARKS - 1 :] = [Remark(last, "There is more: only the first are listed.")]
    return tuple(unique)


def _in_text(text: str, vocabulary: Vocabulary, language: str) -> Iterator[tuple[int, str]]:
    yield from _wrong_encodings(text)
    yield from _lost_characters(text)
    yield from _leftovers(text)
    for place, word, reason in vocabulary.suspects(text, language):
        yield place, f"“{word}” {reason}"
    for match in _MISSING_SPACE.finditer(text):
        yield match.start(), f"“{match[0]}” has no space after its sentence's end."


def _wrong_encodings(text: str) -> Iterator[tuple[int, str]]:
    for match in _FOREIGN_RUN.finditer(text):
        run = match[0]
        for codec, name in _WRONG_READINGS:
            once = _reread(run, codec)
            if once is None:
                continue
            twice = _reread(once, codec)
            times = "UTF-8 read twice" if twice else "UTF-8 read"
            yield match.start(), f"“{run}” looks like “{twice or once}”: {times} as {name}."
            break
    for sign in re.finditer("锟斤拷|ï¿½|烫烫烫|â€(?![^\x00-\x7f])", text):
        yield sign.start(), f"“{sign[0]}” is what remains of a lost character."


def _reread(run: str, codec: str) -> str | None:
    """Return what the run was before it was read in the wrong encoding; None if it wasn't."""
    try:
        original = _bytes(run, codec).decode("utf-8")
    except UnicodeError:
        return None
    is_shorter = len(original) < len(run) and original.isprintable()
    return original if is_shorter and _LIKELY[codec].fullmatch(original) else None


def _bytes(run: str, codec: str) -> bytes:
    if codec != "cp1252":
        return run.encode(codec)
    # Browsers read the five bytes that Windows-1252 leaves undefined as control characters.
    return b"".join(
        bytes([ord(c)]) if ord(c) in _UNDEFINED_IN_1252 else c.encode(codec) for c in run
    )


def _lost_characters(text: str) -> Iterator[tuple[int, str]]:
    for match in re.finditer(r"\w{0,12}\ufffd+\w{0,12}", text):
        yield match.start(), f"“{match[0]}” holds a replacement mark: a character was lost."
    for match in _QUESTIONED.finditer(text):
        yield match.start(), f"“{match[0]}” has a question mark where a character was lost."
    for match in _CONTROL.finditer(text):
        yield match.start(), f"A control character (U+{ord(match[0]):04X}) stands in the text."
    for match in _PRIVATE.finditer(text):
        yield (
            match.start(),
            f"U+{ord(match[0]):04X} is a sign of a site's own font: it means nothing here.",
        )
    for match in _BIDI.finditer(text):
        yield (
            match.start(),
            f"An invisible direction mark (U+{ord(match[0]):04X}) stands in the text.",
        )


def _leftovers(text: str) -> Iterator[tuple[int, str]]:
    for match in _ENTITY.finditer(text):
        twice = (
            "twice" if match[0].lower().startswith("&amp;") and match[0].count(";") > 1 else "still"
        )
        yield match.start(), f"“{match[0]}” is {twice} encoded as HTML."
    for match in _TAG.finditer(text):
        yield match.start(), f"“{match[0]}” is an HTML tag."


def _unbalanced_quotes(text: str, before: str, language: str) -> Iterator[str]:
    if text.count('"') % 2 and not _is_measure(text):
        yield 'A straight quotation mark (") has no partner.'
    pairs = dict(_DOUBLE_QUOTES)
    if language == "de" or text.count("„"):
        pairs = {"„": "“"} if text.count("„") >= text.count("”") else {"„": "”"}
    if "»" in text and text.find("»") < text.find("«"):
        pairs = {"»": "«"}
    for opening, closing in pairs.items():
        opened, closed = text.count(opening), text.count(closing)
        goes_on = opened == closed + 1 and text.rfind(opening) > text.rfind(closing)
        came_on = closed == opened + 1 and before.count(opening) > before.count(closing)
        if opened != closed and not came_on:
            note = "; perhaps the quotation goes on in the next paragraph" if goes_on else ""
            yield f"{opening} stands {opened} times but {closing} {closed} times{note}."


def _is_measure(text: str) -> bool:
    """Tell inches from quotation marks."""
    return bool(re.search(r'\d"(?!\w)', text)) and text.count('"') == len(re.findall(r'\d"', text))
