"""What a story's body amounts to: its plain text, its pictures, its words."""

import html
import re
from collections.abc import Iterable, Iterator
from typing import Any

from stoppress.newsroom import readingtime
from stoppress.newsroom.words import PUBLIC_UPDATE_KINDS

BLOCK_END = re.compile(r"</(?:p|li|h[1-6]|ol|ul|blockquote)>|<(?:br|hr)\s*/?>", re.I)
TAG = re.compile(r"<[^>]*>")


def plain_text(body: Any) -> str:
    """All words a reader reads in a body, one block a line."""
    return raw_text(body.raw_data)


def raw_text(raw_body: Iterable[dict[str, Any]]) -> str:
    """The same of a body as the database keeps it."""
    return "\n".join(text for text in _texts(raw_body) if text)


def markup_to_text(markup: str) -> str:
    """The text of rich text, a line for each paragraph."""
    return html.unescape(TAG.sub("", BLOCK_END.sub("\n", markup))).strip()


def picture_ids(raw_body: Iterable[dict[str, Any]]) -> list[int]:
    """Pictures that a body shows, in order."""
    found: list[int] = []
    for block in raw_body:
        kind, value = block["type"], block["value"]
        if kind == "picture":
            found.append(value["picture"])
        elif kind == "gallery":
            found += [list_item(item)["picture"] for item in value]
    return [int(id_) for id_ in found if id_]


def measure(article: Any) -> None:
    """Set what is worked out from a story's text and log: words, minutes, last update."""
    pictures = len(picture_ids(article.body.raw_data)) + len(article.gallery.all())
    pictures += article.lead_picture_id is not None
    article.word_count, article.reading_minutes = readingtime.words_and_minutes(
        plain_text(article.body),
        f"{article.title}\n{article.standfirst}",
        article.language,
        pictures,
    )
    public = [entry for entry in article.updates.all() if entry.kind in PUBLIC_UPDATE_KINDS]
    newest = max(public, key=lambda entry: entry.dated_at, default=None)
    article.updated_at = newest.dated_at if newest else None
    article.updated_precision = newest.dated_precision if newest else "second"


def _texts(raw_body: Iterable[dict[str, Any]]) -> Iterator[str]:
    for block in raw_body:
        kind, value = block["type"], block["value"]
        if kind == "text":
            yield markup_to_text(value)
        elif kind == "subheading":
            yield value
        elif kind == "pull_quote":
            yield value.get("quote") or ""
        elif kind == "list":
            yield from (markup_to_text(list_item(item)) for item in value.get("items") or [])
        elif kind == "table" and value:
            yield from (" ".join(cell or "" for cell in row) for row in value["data"])
        elif kind == "fact_box":
            yield value.get("title") or ""
            yield markup_to_text(value.get("text") or "")
        elif kind == "picture":
            yield value.get("caption") or ""
        elif kind == "gallery":
            yield from (list_item(item).get("caption") or "" for item in value)


def list_item(item: Any) -> Any:
    """The value of a list's item."""
    # ListBlock items are stored with an id around them, in older data without.
    is_wrapped = isinstance(item, dict) and item.get("type") == "item"
    return item["value"] if is_wrapped else item
