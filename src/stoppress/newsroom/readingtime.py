"""How long a story takes to read.

Sources. English: 238 words a minute, silent reading of non-fiction (M. Brysbaert, "How many words
do we read per minute?", Journal of Memory and Language 109, 2019, 104047; 190 studies). Other
languages: the same meta-analysis finds that rates follow from how many words a language needs for
the same message, so English's 238 is scaled by the ratio of the rates that one study measured on
the same texts in 17 languages, aloud (S. Trauzettel-Klosinski, K. Dietz and the IReST Study Group,
"Standardized Assessment of Reading Performance: The New International Reading Speed Texts IReST",
IOVS 53, 2012, 5452–5461, doi:10.1167/iovs.11-8284, its table of means by language). Scripts written
without spaces are counted in characters: Chinese and Japanese at their own rates, those that spell
words by letters at 68 ms a character, the study's mean of 14 languages (its mean of all 17, 863 a
minute, is drawn down by Chinese and Japanese). A picture takes 12 s, each further one a second
less, and from the tenth on 3 seconds (Medium, "Read Time and You", 2014). Minutes are rounded up.
The table of cases is tests/newsroom/test_readingtime.py.
"""

import math
import re
import unicodedata

ENGLISH_SILENT = 238  # words a minute (Brysbaert 2019)
IREST_ENGLISH = 228  # words a minute, aloud
IREST_MEAN = 184  # words a minute, over 17 languages: for those that were not measured
IREST_WORDS = {
    "ar": 138,
    "de": 179,
    "en": IREST_ENGLISH,
    "es": 218,
    "fi": 161,
    "fr": 195,
    "he": 187,
    "it": 188,
    "nl": 202,
    "pl": 166,
    "pt": 181,
    "ru": 184,
    "sl": 180,
    "sv": 199,
    "tr": 166,
}
IREST_CHARACTERS = {"zh": 255, "ja": 357}
IREST_SPELT_CHARACTERS = 882  # a minute: for Thai, Lao, Khmer and Burmese, not measured themselves
FIRST_PICTURE_SECONDS = 12
LEAST_PICTURE_SECONDS = 3

HAN_AND_KANA = (
    "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
EAST_ASIAN_CHARACTER = re.compile(f"[{HAN_AND_KANA}]")
UNSPACED_CHARACTER = re.compile(f"[{UNSPACED}]")
SPACELESS = re.compile(f"[{HAN_AND_KANA}{UNSPACED}]")
NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
WORD = re.compile(r"[^\W_]+(?:['’.,\-‐‑־·:/@&][^\W_]+)*")

LETTER, JOINT, GAP = b"a", b"j", b" "
WESTERN = "cp1252"  # a byte a character: texts in it are counted without looking at each

Counts = tuple[int, int, int]  # Han and kana, characters of other unspaced scripts, words


def reading_time(text: str, language: str, pictures: int = 0) -> int:
    """Whole minutes, rounded up: no reader is promised less than it takes. At least one."""
    return _minutes(_counts(text), language, pictures)


def words_and_minutes(body: str, above: str, language: str, pictures: int = 0) -> tuple[int, int]:
    """The words of a body, and the minutes it takes with what stands above it (the headline)."""
    counts = _counts(body)
    both = [one + other for one, other in zip(counts, _counts(above), strict=True)]
    return sum(counts), _minutes((both[0], both[1], both[2]), language, pictures)


def reading_seconds(text: str, language: str, pictures: int = 0) -> float:
    """Seconds for the words, the characters of unspaced scripts, and the pictures."""
    return _seconds(_counts(text), language, pictures)


def word_count(text: str) -> int:
    """Words; in scripts without spaces every character counts as one, as editors there count."""
    return sum(_counts(text))


def words_per_minute(language: str) -> float:
    """Silent reading rate for a language written with spaces."""
    return _silent(IREST_WORDS.get(_primary(language), IREST_MEAN))


def characters_per_minute(language: str) -> float:
    """Silent reading rate for Han and kana."""
    return _silent(IREST_CHARACTERS.get(_primary(language), IREST_CHARACTERS["zh"]))


def picture_seconds(pictures: int) -> int:
    """12 seconds for the first picture, a second less for each further one, never under 3."""
    return sum(max(FIRST_PICTURE_SECONDS - n, LEAST_PICTURE_SECONDS) for n in range(pictures))


def _minutes(counts: Counts, language: str, pictures: int) -> int:
    seconds = round(_seconds(counts, language, pictures), 3)  # 180.0000001 is 180
    return max(1, math.ceil(seconds / 60))


def _seconds(counts: Counts, language: str, pictures: int) -> float:
    east_asian, unspaced, words = counts
    minutes = (
        words / words_per_minute(language)
        + east_asian / characters_per_minute(language)
        + unspaced / _silent(IREST_SPELT_CHARACTERS)
    )
    return minutes * 60 + picture_seconds(pictures)


def _counts(text: str) -> Counts:
    if SPACELESS.search(text) is None:
        return 0, 0, _words(text)
    east_asian = len(EAST_ASIAN_CHARACTER.findall(text))
    unspaced = sum(
        unicodedata.category(found)[0] == "L" for found in UNSPACED_CHARACTER.findall(text)
    )
    spaced = UNSPACED_CHARACTER.sub(" ", EAST_ASIAN_CHARACTER.sub(" ", text))
    return east_asian, unspaced, _words(spaced)


def _words(text: str) -> int:
    """How often WORD is found; by kinds of bytes where that will do, five times sooner."""
    try:
        kinds = text.encode(WESTERN).translate(KINDS, MARKS)
    except UnicodeEncodeError:
        return len(WORD.findall(_without_marks(text)))
    joined, whole = LETTER + JOINT + LETTER, LETTER * 3
    # Twice, for a letter may stand between two joints.
    return len(kinds.replace(joined, whole).replace(joined, whole).replace(JOINT, GAP).split())


def _without_marks(text: str) -> str:
    # Vowel signs and points stand inside words: they must not split them. None is ASCII.
    return NOT_ASCII.sub(_bare, text)


def _bare(run: re.Match[str]) -> str:
    return "".join(c for c in run.group() if unicodedata.category(c) not in {"Mn", "Mc", "Cf"})


def _kind_of(character: str) -> bytes:
    if WORD.fullmatch(character):
        return LETTER
    return JOINT if WORD.fullmatch(f"a{character}a") else GAP


CHARACTERS = [bytes([byte]).decode(WESTERN, "replace") for byte in range(256)]
KINDS = b"".join(map(_kind_of, CHARACTERS))
MARKS = bytes(byte for byte, one in enumerate(CHARACTERS) if not _without_marks(one))


def _silent(rate_aloud: int) -> float:
    return rate_aloud * ENGLISH_SILENT / IREST_ENGLISH


def _primary(language: str) -> str:
    return language.split("-")[0].lower()
