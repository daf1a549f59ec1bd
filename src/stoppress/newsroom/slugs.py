"""Slugs: the last word of an address, made from a headline in any script."""

import re

from anyascii import anyascii

SLUG_MAX_CHARACTERS = 80
NOT_IN_SLUGS = re.compile(r"[^a-z0-9]+")
APOSTROPHES = re.compile(r"['’ʼ`]")


def make_slug(text: str, *, fallback: str = "story") -> str:
    """A slug of plain letters: “Çay fiyatı” becomes "cay-fiyati", “北京” becomes "beijing".

    Cut at a word's end; the fallback is for text with nothing to spell, such as emoji alone.
    """
    spelt = APOSTROPHES.sub("", anyascii(_spaced(text))).lower()
    slug = NOT_IN_SLUGS.sub("-", spelt).strip("-")
    if len(slug) > SLUG_MAX_CHARACTERS:
        head, _, _ = slug[: SLUG_MAX_CHARACTERS + 1].rpartition("-")
        slug = head or slug[:SLUG_MAX_CHARACTERS]
    return slug or fallback


def numbered(slug: str, number: int) -> str:
    """The nth choice for a slug that is taken: "storm", "storm-2", "storm-3"."""
    return slug if number == 1 else f"{slug}-{number}"


def _spaced(text: str) -> str:
    if text.isascii():
        return text
    # Emoji have names in anyascii (":smile:"): left out, they would drown the words.
    return "".join(" " if ord(c) >= 0x1F000 and not _is_letter(c) else c for c in text)


def _is_letter(character: str) -> bool:
    return character.isalpha()
