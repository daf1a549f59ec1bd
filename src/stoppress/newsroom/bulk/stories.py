"""A story to be loaded, and the columns it comes to."""

import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError

from stoppress.newsroom import readingtime
from stoppress.newsroom.actions.create import stream
from stoppress.newsroom.body import picture_ids, raw_text
from stoppress.newsroom.languages import is_language_tag
from stoppress.newsroom.models import Article
from stoppress.newsroom.models.articles import HEADLINE_MAX_CHARACTERS, STANDFIRST_MAX_CHARACTERS
from stoppress.newsroom.text import validate_line, validate_markup, validate_prose
from stoppress.newsroom.words import PUBLIC_UPDATE_KINDS

SLUG = re.compile(r"[-\w]{1,255}")
PLAIN_BLOCKS = ("text", "subheading")  # whose value is kept as it is given


@dataclass(frozen=True)
class LoadedStory:
    """A live story as its archive has it. Sections, authors, topics and pictures are ids."""

    key: str  # Wagtail's slug of it, internal and unique: who loads again knows it by this
    section_id: int
    headline: str
    published_at: datetime
    language: str
    body: Sequence[tuple[str, Any]]  # (block, value), as `create_article` takes them
    standfirst: str = ""
    kind: str = Article.Kind.REPORT
    author_ids: tuple[int, ...] = ()
    topic_ids: tuple[int, ...] = ()
    lead_picture_id: int | None = None
    updates: tuple[tuple[str, datetime, str], ...] = ()  # (kind, dated at, text)

    def validate(self) -> None:
        """Raise ValidationError for what an editor could not have typed."""
        if SLUG.fullmatch(self.key) is None:
            raise ValidationError(
                f"{self.key!r}, the key of “{self.headline}”, must be 1 to 255 letters, digits, "
                "underscores or hyphens."
            )
        validate_line(self.headline)
        validate_prose(self.standfirst)
        for text in _texts([value for _, value in self.body]):
            validate_markup(text)
        for _, _, text in self.updates:
            validate_prose(text)
        if not 0 < len(self.headline) <= HEADLINE_MAX_CHARACTERS:
            raise ValidationError(
                f"The headline of “{self.key}” has {len(self.headline)} characters; it must have 1 "
                f"to {HEADLINE_MAX_CHARACTERS}."
            )
        if len(self.standfirst) > STANDFIRST_MAX_CHARACTERS:
            raise ValidationError(
                f"The standfirst of “{self.headline}” has {len(self.standfirst)} characters; the "
                f"limit is {STANDFIRST_MAX_CHARACTERS}."
            )
        if not is_language_tag(self.language):
            raise ValidationError(
                f"{self.language!r}, the language of “{self.headline}”, is not a language tag. "
                "Write it as in “en”, “pt-BR” or “ar”."
            )

    @property
    def _is_plain(self) -> bool:
        return all(kind in PLAIN_BLOCKS for kind, _ in self.body)

    def settle_body(self) -> None:
        """Ask the database what the body needs of it; `columns` does not then."""
        if not self._is_plain:
            _ = self.raw_body

    @cached_property
    def raw_body(self) -> list[dict[str, Any]]:
        """The body's blocks as they are kept."""
        if self._is_plain:
            ids = _block_ids(len(self.body))
            return [
                {"type": kind, "value": value, "id": id_}
                for (kind, value), id_ in zip(self.body, ids, strict=True)
            ]
        value = stream(self.body)
        list(value)  # each block is read, so that it is kept as an editor's save would keep it
        raw: list[dict[str, Any]] = Article.body.field.get_prep_value(value)
        return raw

    def columns(self) -> dict[str, Any]:
        """What stands in the story's own row: its texts, and what is worked out from them."""
        pictures = len(picture_ids(self.raw_body)) + (self.lead_picture_id is not None)
        words, minutes = readingtime.words_and_minutes(
            raw_text(self.raw_body), f"{self.headline}\n{self.standfirst}", self.language, pictures
        )
        public = [moment for kind, moment, _ in self.updates if kind in PUBLIC_UPDATE_KINDS]
        return {
            "kind": self.kind,
            "standfirst": self.standfirst,
            "body": json.dumps(self.raw_body),
            "language": self.language,
            "published_at": self.published_at,
            "updated_at": max(public, default=None),
            "word_count": words,
            "reading_minutes": minutes,
            "lead_picture_id": self.lead_picture_id,
        }


def _block_ids(count: int) -> list[str]:
    """UUIDs of version 4 as text, in a fraction of the time that uuid.uuid4 takes."""
    drawn = os.urandom(16 * count).hex()
    return [
        f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"
        for h in (drawn[start : start + 32] for start in range(0, len(drawn), 32))
    ]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
