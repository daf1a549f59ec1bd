"""A body as plain HTML for feed readers: no classes, no scripts, absolute addresses."""

import re
from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from stoppress.theme import shapes

LOCAL_LINK = re.compile(r'(<a href=")(/[^"]*")')


def html_of(blocks: Iterable[shapes.Block], origin: str) -> str:
    """The blocks of a body, one after the other."""
    return "\n".join(MAKERS[type(block)](block, origin) for block in blocks)


def _text(text_html: str, origin: str) -> str:
    return LOCAL_LINK.sub(rf"\g<1>{origin}\g<2>", text_html)


def _absolute(url: str, origin: str) -> str:
    return origin + url if url.startswith("/") else url


def _figure(picture: shapes.Picture, origin: str) -> str:
    size = picture.renditions[-1]
    credit = f" ({escape(picture.credit)})" if picture.credit else ""
    caption = f"<figcaption>{escape(picture.caption)}{credit}</figcaption>"
    return (
        f'<figure><img src="{escape(_absolute(size.url, origin))}" alt="{escape(picture.alt)}" '
        f'width="{size.width}" height="{size.height}">'
        f"{caption if picture.caption or credit else ''}</figure>"
    )


def _list(block: shapes.ListBlock, origin: str) -> str:
    tag = "ol" if block.ordered else "ul"
    items = "".join(f"<li>{_text(item, origin)}</li>" for item in block.items_html)
    return f"<{tag}>{items}</{tag}>"


def _quote(block: shapes.PullQuote, origin: str) -> str:
    source = f"<footer>{escape(block.attribution)}</footer>" if block.attribution else ""
    return f"<blockquote><p>{escape(block.quote)}</p>{source}</blockquote>"


def _row(cells: tuple[str, ...], tag: str, first: str) -> str:
    marked = ((first if n == 0 else tag, cell) for n, cell in enumerate(cells))
    return "<tr>" + "".join(f"<{t}>{escape(cell)}</{t}>" for t, cell in marked) + "</tr>"


def _table(block: shapes.TableBlock, origin: str) -> str:
    caption = f"<caption>{escape(block.caption)}</caption>" if block.caption else ""
    head = f"<thead>{_row(block.header, 'th', 'th')}</thead>" if block.header else ""
    first = "th" if block.first_column_is_header else "td"
    rows = "".join(_row(row, "td", first) for row in block.rows)
    return f"<table>{caption}{head}<tbody>{rows}</tbody></table>"


def _story(block: shapes.RelatedStory, origin: str) -> str:
    url, headline = escape(origin + block.card.url), escape(block.card.headline)
    return f'<p><a href="{url}">{headline}</a></p>'


MAKERS: dict[type[Any], Callable[[Any, str], str]] = {
    shapes.Paragraphs: lambda block, origin: _text(block.text_html, origin),
    shapes.Subheading: lambda block, _: f"<h2>{escape(block.text)}</h2>",
    shapes.PictureBlock: lambda block, origin: _figure(block.picture, origin),
    shapes.GalleryBlock: lambda block, origin: "".join(_figure(p, origin) for p in block.pictures),
    shapes.PullQuote: _quote,
    shapes.ListBlock: _list,
    shapes.TableBlock: _table,
    shapes.FactBox: lambda block, origin: (
        f"<h3>{escape(block.title)}</h3>{_text(block.text_html, origin)}"
    ),
    shapes.Embed: lambda block, _: (
        f'<p><a href="{escape(block.page_url)}">{escape(block.title)} ({escape(block.provider)})'
        "</a></p>"
    ),
    shapes.RelatedStory: _story,
}
