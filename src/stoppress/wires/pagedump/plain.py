"""A view of a line for matching: same length, friendlier characters.

Positions in the plain view are positions in the line, so what was matched can be cut out of the
original untouched.
"""

import re
import unicodedata
from importlib.resources import files

_DIGIT_ZEROS = "٠۰०０"
_TABLE: dict[int, str] = {
    **{ord(zero) + i: str(i) for zero in _DIGIT_ZEROS for i in range(10)},
    **dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u200a\u2002\u2003\ufeff"), " "),
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u061c\u2066\u2067\u2068\u2069"), " "),
    **dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e"), " "),
    ord("\u3000"): "\t",
    ord("："): ":",
    ord("｜"): "|",
    ord("，"): ",",
    ord("（"): "(",
    ord("）"): ")",
    ord("٬"): ",",
    ord("٫"): ".",
    ord("’"): "'",
}

CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af]")
HAN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
BULLET = re.compile(r"^\s*(?:[-–—*•·●▪◦‣»>|#]+|\d{1,2}[.)])\s+")
MARK = re.compile(r"^\s*(?:[*•·●▪◦‣»>|]|#+|-)\s+")
_LETTER_RUN = re.compile(r"[^\W\d_]+(?:['\-][^\W\d_]+)*")
_TERMINAL = re.compile(r"[.!…。！؟?？۔｡][\"'”’»«“)\]」』）】]*\s*$")
_FULL_STOP = re.compile(r"[.!…。！۔｡][\"'”’»«“)\]」』）】]*\s*$")
_INNER_STOP = re.compile(r"[^\W\d_]{2,}[.!?…][\"'”’»)]*\s+[\"'“‘„«(]*\S|[。！？]\s*\S|[؟!۔]\s+\S")


def plain(text: str) -> str:
    """Return the line for matching: digits and punctuation of all scripts made alike."""
    return text.translate(_TABLE)


def words(text: str) -> list[str]:
    """Return the words of a spaced script; a run without spaces counts as one."""
    return _LETTER_RUN.findall(text)


def weight(text: str) -> int:
    """Return how many words a text amounts to; two Han characters or kana count as one."""
    han = len(HAN.findall(text))
    return len(words(HAN.sub(" ", text))) + (han + 1) // 2 if han else len(words(text))


def ends_a_sentence(text: str) -> bool:
    """Tell whether the last thing in the text is a sentence's end, a question's included."""
    return bool(_TERMINAL.search(text[-40:]))


def ends_a_statement(text: str) -> bool:
    """Tell whether the text ends with a full stop; headlines may ask but seldom state."""
    return bool(_FULL_STOP.search(text[-40:]))


def has_inner_stop(text: str) -> bool:
    """Tell whether a sentence ends before the text does."""
    return bool(_INNER_STOP.search(text))


def without_bullet(text: str) -> str:
    """Return the text behind a list mark."""
    return BULLET.sub("", text, count=1)


def without_mark(text: str) -> str:
    """Return a headline without the list or heading mark before it; a number is part of it."""
    return MARK.sub("", text, count=1).strip()


def folded(text: str) -> str:
    """Return the text in the form in which word lists are compared."""
    core = unicodedata.normalize("NFC", plain(text)).casefold().strip()
    return re.sub(r"\s+", " ", core).strip(" \t.:!?…»«›‹>|-–—•·*[]()▼▾▲→←↓↑✕×+#")


def word_list(name: str) -> frozenset[str]:
    """Return a packaged list of words, folded; lines starting with # are notes."""
    text = (files("stoppress.wires.pagedump") / "words" / name).read_text(encoding="utf-8")
    return frozenset(folded(w) for w in text.splitlines() if w and not w.startswith("#"))
