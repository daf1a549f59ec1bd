"""What templates may do with a value, beyond what Jinja2 brings."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from stoppress.theme import dates
from stoppress.theme.shapes import (
    Block,
    Card,
    DayLink,
    MonthLink,
    Paragraphs,
    Picture,
    Precision,
    Rendition,
)
from stoppress.theme.words import Words

PARAGRAPH_STARTS = ("<p>", "<p ")  # not "<pre>"
_PREFERRED_WIDTH = 960  # px; what browsers without srcset get


@pass_context
def iso(context: Context, moment: datetime, precision: Precision = "second") -> str:
    """Write a moment for machines."""
    return dates.iso(moment, precision, context["paper"].time_zone)


@pass_context
def exact(context: Context, moment: datetime, precision: Precision = "second") -> str:
    """Write a moment in full, in the paper's language and zone."""
    return dates.exact(moment, context["words"], context["paper"].time_zone, precision)


@pass_context
def short(context: Context, moment: datetime, precision: Precision = "second") -> str:
    """Write a moment briefly, in the paper's language and zone."""
    return dates.short(moment, context["words"], context["paper"].time_zone, precision)


@pass_context
def day(context: Context, moment: datetime, precision: Precision = "second") -> str:
    """Write the day of a moment, in the paper's language and zone."""
    return dates.day(moment, context["words"], context["paper"].time_zone, precision)


@pass_context
def month(context: Context, link: MonthLink) -> str:
    """Write a month of the archive in the paper's language."""
    return dates.month(link.year, link.month, context["words"])


@pass_context
def calendar_day(context: Context, link: DayLink) -> str:
    """Write a day of the archive in the paper's language."""
    return dates.calendar_day(link.day, context["words"])


@dataclass(frozen=True, slots=True)
class Day:
    """The stories of one day, under its name."""

    name: str
    cards: tuple[Card, ...]


@pass_context
def days(context: Context, cards: Iterable[Card]) -> list[Day]:
    """Group cards that are already in order by the day they were published, in the paper's zone."""
    named = groupby(cards, key=lambda card: day(context, card.published_at))
    return [Day(name, tuple(group)) for name, group in named]


@pass_context
def number(context: Context, value: int) -> str:
    """Write a whole number with the language's thousands mark."""
    return f"{value:,}".replace(",", context["words"].text("thousands"))


@pass_context
def speech(context: Context, card: Card) -> Markup:
    """Return the lang and dir attributes of a story that isn't in the paper's language."""
    paper = context["paper"]
    if card.language == paper.language and card.direction == paper.direction:
        return Markup()
    return Markup(' lang="{}" dir="{}"').format(card.language, card.direction)


def fill(pattern: str, **values: Any) -> str:
    """Fill a pattern of the words table; the result is escaped like any other text."""
    return pattern.format(**values)


def fill_markup(pattern: str, **values: Any) -> Markup:
    """Fill a pattern with markup; what isn't markup is escaped."""
    return Markup(escape(pattern)).format(**values)  # noqa: S704 - escaped right here


def block_name(block: Block) -> str:
    """Name the component that shows a block: PullQuote becomes "pull_quote"."""
    return _component_of(type(block).__name__)


@cache
def _component_of(kind: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind).lower()


def web_address(address: str) -> str:
    """Let https and http addresses through and nothing else, for addresses from outside."""
    return address if urlsplit(address).scheme in {"https", "http"} else "about:blank"


def data_block(document: str) -> Markup:
    """Make a JSON document safe inside <script>, where "<" could end the element."""
    return Markup(document.replace("<", "\\u003c"))  # noqa: S704 - no markup can remain


def takes_dateline(body: Sequence[Block]) -> bool:
    """Whether a story opens with a paragraph that its dateline can run into."""
    first = body[0] if body else None
    return isinstance(first, Paragraphs) and first.text_html.startswith(PARAGRAPH_STARTS)


def with_dateline(text_html: str, dateline: str) -> Markup:
    """Set the place in front of the first paragraph, in the same line, as papers do."""
    text = Markup(text_html)  # noqa: S704 - fields ending in _html are safe by contract
    if not dateline or not text.startswith(PARAGRAPH_STARTS):
        return text
    place = Markup('<span class="dateline">{}</span> ').format(dateline)
    end = text.index(">") + 1
    return text[:end] + place + text[end:]


def ages(words: Words) -> str:
    """Hand the wordings of ages to the script, with the language whose plurals they follow."""
    said = {"language": words.language, **words.mapping("ages")}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def source_set(picture: Picture) -> str:
    """List a picture's sizes for srcset."""
    return ", ".join(f"{size.url} {size.width}w" for size in picture.renditions)


def largest(picture: Picture) -> Rendition:
    """Return the widest rendition."""
    return picture.renditions[-1]


def usual(picture: Picture) -> Rendition:
    """Return the rendition for browsers that choose none themselves."""
    fitting = [size for size in picture.renditions if size.width <= _PREFERRED_WIDTH]
    return fitting[-1] if fitting else picture.renditions[0]


FILTERS: dict[str, Callable[..., Any]] = {
    "iso": iso,
    "exact": exact,
    "short": short,
    "day": day,
    "month": month,
    "days": days,
    "calendar_day": calendar_day,
    "number": number,
    "speech": speech,
    "fill": fill,
    "fill_markup": fill_markup,
    "block_name": block_name,
    "web_address": web_address,
    "data_block": data_block,
    "is_coarse": dates.is_coarse,
    "takes_dateline": takes_dateline,
    "with_dateline": with_dateline,
    "ages": ages,
    "source_set": source_set,
    "largest": largest,
    "usual": usual,
}
