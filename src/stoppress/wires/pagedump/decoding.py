"""Bytes to text, without guessing.

UTF-8 is read, with or without its mark, and UTF-16 by its mark or its plain pattern of zero
bytes. Anything else is refused with the encoding it looks like, because text decoded by a wrong
guess is damaged in silence.
"""

import re

import charset_normalizer

from stoppress.wires.errors import Binary, Empty, Markup, TooLarge, TooManyLines, WrongEncoding

MAX_BYTES = 5_000_000
MAX_LINES = 20_000  # the longest live blogs dump to a tenth of this

_SIGNATURES = (
    (b"%PDF-", "it is a PDF document"),
    (b"\x89PNG", "it is a PNG picture"),
    (b"\xff\xd8\xff", "it is a JPEG picture"),
    (b"GIF8", "it is a GIF picture"),
    (b"PK\x03\x04", "it is a ZIP archive or an office document"),
    (b"\x1f\x8b", "it is a gzip archive"),
    (b"\xd0\xcf\x11\xe0", "it is an old office document"),
    (b"\x7fELF", "it is a program"),
    (b"{\\rtf", "it is an RTF document"),
)
_CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MARKUP = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_PLAUSIBLE = [  # what newspapers' pages are found in when they are not Unicode
    *("cp1252", "cp1250", "cp1251", "cp1256", "cp1254", "koi8_r", "iso8859_6", "mac_roman"),
    *("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"),
]
_WESTERN_SIGN = re.compile(r"[À-ÖØ-öø-ÿŒœŠšŽž‘’“”„–—…«»¡¿€£°§]")
_SAMPLE_BYTES = 50_000  # enough to name an encoding; a whole 5 MB would take seconds


def decode(data: bytes, *, max_bytes: int = MAX_BYTES) -> str:
    """Return the text of a dump, every character as it is, the byte order mark aside.

    Raises a NotAPageDump that says what the bytes are instead.
    """
    if len(data) > max_bytes:
        raise TooLarge(len(data), max_bytes)
    if not data.strip():
        raise Empty
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise Binary(what)
    text = _text(data)
    if not text.strip():
        raise Empty
    _refuse_what_is_no_page(text)
    return text


def _text(data: bytes) -> str:
    encoding = _utf_16(data)
    if encoding:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            raise Binary("it starts like UTF-16 but breaks off") from None
    if b"\x00" in data:
        raise Binary(f"byte {data.index(0) + 1:,} is zero")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise WrongEncoding(error.start + 1, line, _looks_like(data, error.start)) from None


def _utf_16(data: bytes) -> str | None:
    """Name the UTF-16 that the bytes carry: by the mark, or by zeros in every second place."""
    if data.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise WrongEncoding(1, 1, "UTF-32")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = data[:_SAMPLE_BYTES]
    if len(head) < 4 or len(data) % 2:
        return None
    even, odd = head[0::2], head[1::2]
    if odd.count(0) > 0.7 * len(odd) and not even.count(0):
        return "utf-16-le"
    if even.count(0) > 0.7 * len(even) and not odd.count(0):
        return "utf-16-be"
    return None


def _looks_like(data: bytes, first_bad: int) -> str | None:
    start = max(0, first_bad - _SAMPLE_BYTES // 2)
    start = data.rfind(b"\n", 0, start) + 1 if start else 0
    sample = data[start : start + _SAMPLE_BYTES]
    best = charset_normalizer.from_bytes(sample, cp_isolation=_PLAUSIBLE).best()
    if best is None:
        return "CP1252" if _reads_as_western(sample) else None
    name = best.encoding.upper().replace("_", "-").replace("ISO8859", "ISO-8859")
    return name.replace("MAC-ROMAN", "MACINTOSH")  # what iconv calls it


def _reads_as_western(sample: bytes) -> bool:
    """A short text with a few accents is too little for statistics but plain to see."""
    foreign = re.findall(r"[^\x00-\x7f]", sample.decode("cp1252", "replace"))
    return len(_WESTERN_SIGN.findall("".join(foreign))) > 0.9 * len(foreign)


def _refuse_what_is_no_page(text: str) -> None:
    if "\x00" in text:
        raise Binary(f"character {text.index(chr(0)) + 1:,} is zero")
    controls = len(_CONTROL_CHARACTER.findall(text))
    if controls > max(8, len(text) // 50):
        raise Binary(f"{controls:,} of its {len(text):,} characters are control characters")
    if _MARKUP.match(text):
        raise Markup
    lines = max(text.count("\n"), text.count("\r")) + 1
    if lines > MAX_LINES:
        raise TooManyLines(lines, MAX_LINES)
