"""The demo's way of writing a story down, turned into the blocks of the newsroom.

    Paragraphs, with **bold**, *italic* and [links](to-an-older-story).

    ## A subheading
    - a list              1. a numbered list
    > A pull quote
    > — whoever said it
    | Tables | like this |
    |---|---|
    Table: and their caption
    ::: fact A box's title
    paragraphs or a list
    :::
    ![picture-key]        a picture
    -> older-story        a related story

Pairs (block, value) come out as `newsroom.actions.create_article` takes them, but for references:
a `Reference` stands where a picture or a story belongs.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Block = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Reference:
    """A place for a picture or a story that is found by name later."""

    kind: Literal["picture", "story"]
    name: str


_LINK = re.compile(r"\[([^\]]+)\]\(([a-z0-9-]+)\)")
_STORY_LINK = re.compile(r'<a linktype="page" id="([a-z0-9-]+)">')
_ITEM = re.compile(r"(?:-|\d+\.) ")
_TABLE_RULE = re.compile(r"\|[-| ]+\|")


def blocks_of(text: str) -> list[Block]:
    """The blocks of a body. Raises ValueError with a whole sentence."""
    found: list[Block] = []
    for chunk in _chunks(text):
        block = _block(chunk)
        if block[0] == "text" and found and found[-1][0] == "text":
            found[-1] = ("text", found[-1][1] + block[1])
        else:
            found.append(block)
    return found


def references_in(blocks: list[Block]) -> Iterator[Reference]:
    """Every picture and story that blocks name."""
    for kind, value in blocks:
        if isinstance(value, Reference):
            yield value
        elif kind == "picture":
            yield value["picture"]
        elif kind == "text":
            yield from (Reference("story", name) for name in _STORY_LINK.findall(value))


def link_stories(markup: str, ids: dict[str, int]) -> str:
    """Put story ids where links name stories."""
    return _STORY_LINK.sub(lambda found: f'<a linktype="page" id="{ids[found[1]]}">', markup)


def plain(blocks: list[Block]) -> str:
    """The words of a body, for counting."""
    return " ".join(" ".join(_texts(value)) for _, value in blocks)


def inline(text: str) -> str:
    """Bold, italic and links of one paragraph as rich text."""
    marked = html.escape(" ".join(text.split()), quote=False)
    marked = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", marked)
    marked = re.sub(r"\*(.+?)\*", r"<i>\1</i>", marked)
    return _LINK.sub(r'<a linktype="page" id="\2">\1</a>', marked)


def _chunks(text: str) -> Iterator[list[str]]:
    """Lines between empty ones; a fact box is one chunk whatever is in it."""
    chunk: list[str] = []
    in_box = False
    for line in text.strip().splitlines():
        if line.startswith(":::"):
            in_box = line != ":::"
        if line.strip() or in_box:
            chunk.append(line)
        elif chunk:
            yield chunk
            chunk = []
    if in_box:
        raise ValueError("The fact box at the end is never closed. Put a line “:::” after it.")
    if chunk:
        yield chunk


def _block(lines: list[str]) -> Block:
    first = lines[0]
    if first.startswith("## "):
        return "subheading", first[3:].strip()
    if first.startswith("::: fact "):
        return "fact_box", {"title": first[9:].strip(), "text": _prose("\n".join(lines[1:-1]))}
    if first.startswith("> "):
        return "pull_quote", _quote(lines)
    if first.startswith("|"):
        return "table", _table(lines)
    if first.startswith("!["):
        key = Reference("picture", first[2:].rstrip("]").strip())
        return "picture", {"picture": key, "caption": ""}
    if first.startswith("-> "):
        return "related_story", Reference("story", first[3:].strip())
    if _ITEM.match(first):
        return "list", {"ordered": not first.startswith("-"), "items": _items(lines)}
    return "text", f"<p>{inline(' '.join(lines))}</p>"


def _prose(text: str) -> str:
    """Paragraphs and lists as one piece of rich text."""
    parts = []
    for kind, value in blocks_of(text):
        if kind == "list":
            name = "ol" if value["ordered"] else "ul"
            items = "".join(f"<li>{item}</li>" for item in value["items"])
            parts.append(f"<{name}>{items}</{name}>")
        else:
            parts.append(value)
    return "".join(parts)


def _items(lines: list[str]) -> list[str]:
    if stray := [line for line in lines if not _ITEM.match(line)]:
        raise ValueError(f"“{stray[0]}” stands in a list and is no item. Start it with “- ”.")
    return [inline(_ITEM.sub("", line, count=1)) for line in lines]


def _quote(lines: list[str]) -> dict[str, str]:
    words = [line[2:].strip() for line in lines]
    said_by = words.pop()[2:] if words[-1].startswith("— ") else ""
    return {"quote": " ".join(words), "attribution": said_by}


def _table(lines: list[str]) -> dict[str, Any]:
    caption = lines.pop().removeprefix("Table:").strip() if lines[-1].startswith("Table:") else ""
    rows = [
        [cell.strip().replace("**", "") for cell in line.strip("|").split("|")]
        for line in lines
        if not _TABLE_RULE.fullmatch(line)
    ]
    if uneven := [row for row in rows if len(row) != len(rows[0])]:
        raise ValueError(f"The table's row {uneven[0]} is not as long as its header {rows[0]}.")
    return {
        "data": rows,
        "table_caption": caption,
        "table_header_choice": "both",
        "first_row_is_table_header": True,
        "first_col_is_header": True,
    }


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield html.unescape(re.sub(r"<[^>]+>", " ", value))
    elif isinstance(value, dict):
        yield from (
            text
            for key, inner in value.items()
            if key != "table_header_choice"
            for text in _texts(inner)
        )
    elif isinstance(value, list):
        yield from (text for inner in value for text in _texts(inner))
