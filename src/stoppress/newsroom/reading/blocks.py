"""A body's blocks as templates show them. All they need is fetched before, in one go."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from stoppress.newsroom.body import list_item, picture_ids
from stoppress.newsroom.embeds import find_frame
from stoppress.newsroom.reading.markup import expand
from stoppress.newsroom.slugs import make_slug, numbered
from stoppress.theme import shapes

RawBlocks = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Material:
    """What blocks refer to."""

    pictures: Mapping[int, shapes.Picture]
    cards: Mapping[int, shapes.Card]
    urls: Mapping[int, str]  # of pages that rich text links to


def markups(raw: RawBlocks) -> Iterator[str]:
    """All rich text of a body, to look for links in."""
    for block in raw:
        value = block["value"]
        if block["type"] == "text":
            yield value
        elif block["type"] == "list":
            yield from (list_item(item) for item in value.get("items") or [])
        elif block["type"] == "fact_box":
            yield value.get("text") or ""


def related_ids(raw: RawBlocks) -> list[int]:
    """Stories that a body points to."""
    return [int(b["value"]) for b in raw if b["type"] == "related_story" and b["value"]]


def shown_pictures(raw: RawBlocks) -> list[int]:
    """Pictures that a body shows."""
    return picture_ids(raw)


def make_blocks(raw: RawBlocks, material: Material) -> tuple[shapes.Block, ...]:
    """Every block that can be shown; one whose picture or story is gone is left out."""
    anchors: set[str] = set()
    made = (MAKERS[b["type"]](b["value"], material, anchors) for b in raw if b["type"] in MAKERS)
    return tuple(block for block in made if block is not None)


def _text(value: str, material: Material, _: set[str]) -> shapes.Block | None:
    text = expand(value, material.urls)
    return shapes.Paragraphs(text) if text.strip() else None


def _subheading(value: str, _: Material, anchors: set[str]) -> shapes.Block:
    wanted = f"s-{make_slug(value, fallback='part')}"
    anchor = next(name for n in count(1) if (name := numbered(wanted, n)) not in anchors)
    anchors.add(anchor)
    return shapes.Subheading(value, anchor)


def _captioned(value: dict[str, Any], material: Material) -> shapes.Picture | None:
    picture = material.pictures.get(value.get("picture") or 0)
    caption = value.get("caption")
    return replace(picture, caption=caption) if picture and caption else picture


def _picture(value: dict[str, Any], material: Material, _: set[str]) -> shapes.Block | None:
    picture = _captioned(value, material)
    return shapes.PictureBlock(picture) if picture else None


def _gallery(value: list[Any], material: Material, _: set[str]) -> shapes.Block | None:
    found = (_captioned(list_item(item), material) for item in value)
    pictures = tuple(picture for picture in found if picture)
    return shapes.GalleryBlock(pictures) if pictures else None


def _pull_quote(value: dict[str, Any], _: Material, __: set[str]) -> shapes.Block:
    return shapes.PullQuote(value.get("quote") or "", value.get("attribution") or "")


def _list(value: dict[str, Any], material: Material, _: set[str]) -> shapes.Block:
    items = tuple(
        _unwrapped(expand(list_item(item), material.urls)) for item in value.get("items") or []
    )
    return shapes.ListBlock(items, bool(value.get("ordered")))


def _unwrapped(markup: str) -> str:
    """An item of one paragraph needs no paragraph around it."""
    inner = markup.strip()
    if inner.startswith("<p>") and inner.endswith("</p>") and inner.count("<p>") == 1:
        return inner.removeprefix("<p>").removesuffix("</p>")
    return inner


def _table(value: dict[str, Any] | None, _: Material, __: set[str]) -> shapes.Block | None:
    if not value or not value.get("data"):
        return None
    rows = tuple(tuple(cell or "" for cell in row) for row in value["data"])
    has_header = value.get("first_row_is_table_header") or (
        value.get("table_header_choice") in ("row", "both")
    )
    return shapes.TableBlock(
        caption=value.get("table_caption") or "",
        header=rows[0] if has_header else (),
        rows=rows[1:] if has_header else rows,
        first_column_is_header=bool(
            value.get("first_col_is_header")
            or value.get("table_header_choice") in ("column", "both")
        ),
    )


def _fact_box(value: dict[str, Any], material: Material, _: set[str]) -> shapes.Block:
    return shapes.FactBox(value.get("title") or "", expand(value.get("text") or "", material.urls))


def _embed(value: dict[str, Any], _: Material, __: set[str]) -> shapes.Block | None:
    frame = find_frame(value.get("address") or "")
    if frame is None:
        return None
    return shapes.Embed(
        provider=frame.provider,
        title=value.get("title") or frame.provider,
        page_url=value["address"],
        frame_url=frame.url,
        width=frame.width,
        height=frame.height,
    )


def _related_story(value: int | None, material: Material, _: set[str]) -> shapes.Block | None:
    card = material.cards.get(int(value or 0))
    return shapes.RelatedStory(card) if card else None


MAKERS: dict[str, Callable[[Any, Material, set[str]], shapes.Block | None]] = {
    "text": _text,
    "subheading": _subheading,
    "picture": _picture,
    "gallery": _gallery,
    "pull_quote": _pull_quote,
    "list": _list,
    "table": _table,
    "fact_box": _fact_box,
    "embed": _embed,
    "related_story": _related_story,
}
