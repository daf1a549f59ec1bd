"""Languages an article can be written in: their names, directions, and how their words are spaced.

Tags are BCP 47 as browsers understand them ("pt-BR", "zh-Hant").
"""

import re

from django.conf import settings
from django.conf.locale import LANG_INFO

from stoppress.theme.shapes import Direction

RIGHT_TO_LEFT = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ku-arab", "ps", "sd", "ug", "ur", "yi"}
)
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
MAX_TAG_CHARACTERS = 35


def paper_language() -> str:
    """The language the paper itself is written in."""
    return str(settings.LANGUAGE_CODE)


def direction_of(tag: str) -> Direction:
    """The writing direction of a language tag; a script named in it decides first."""
    parts = tag.lower().split("-")
    if {"arab", "hebr", "thaa", "nkoo", "syrc", "adlm"} & set(parts[1:]):
        return "rtl"
    if "latn" in parts[1:] or "cyrl" in parts[1:]:
        return "ltr"
    return "rtl" if parts[0] in RIGHT_TO_LEFT else "ltr"


def language_choices() -> list[tuple[str, str]]:
    """Tags with the names their speakers use, for a form; sorted by name."""
    named = {
        _browser_tag(code): info["name_local"]
        for code, info in LANG_INFO.items()
        if "name_local" in info
    }
    named.setdefault("ja", "日本語")
    return sorted(named.items(), key=lambda item: item[1].casefold())


def is_language_tag(tag: str) -> bool:
    """Whether this is the shape of a BCP 47 tag."""
    return len(tag) <= MAX_TAG_CHARACTERS and LANGUAGE_TAG.fullmatch(tag) is not None


def _browser_tag(code: str) -> str:
    language, *rest = code.split("-")
    return "-".join(
        [language, *(part.title() if len(part) == 4 else part.upper() for part in rest)]
    )
