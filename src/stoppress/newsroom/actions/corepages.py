"""Which pages a publish prints first, in its one switch.

Rooms above add their own with `register` (feeds, the sitemap of the month).
"""

from collections.abc import Callable, Iterable

from stoppress.newsroom import addresses
from stoppress.newsroom.models import Article, Author

CorePages = Callable[[Article], Iterable[str]]
RAIL = "/-/parts/latest/"
LATEST_PAGE = "/latest/"

_registered: list[CorePages] = []


def register(pages: CorePages) -> CorePages:
    """Have the pages that a function names printed with every story that enters a list."""
    if pages not in _registered:
        _registered.append(pages)
    return pages


def core_pages_of(article: Article) -> list[str]:
    """The pages that show a story as soon as it is out."""
    named = (page for pages in _registered for page in pages(article))
    return ["/", RAIL, LATEST_PAGE, *section_pages(article), *author_pages(article), *named]


def section_pages(article: Article) -> list[str]:
    """The pages of the article's section and of those around it, innermost first."""
    path = addresses.current_paths([article.get_parent().pk])[article.get_parent().pk]
    words = path.split("/")
    return [addresses.section_url("/".join(words[:n])) for n in range(len(words), 0, -1)]


def author_pages(article: Article) -> list[str]:
    """The pages of the article's authors."""
    ids = [entry.author_id for entry in article.byline.all()]
    slugs = Author.objects.filter(pk__in=ids).order_by("pk").values_list("slug", flat=True)
    return [f"/authors/{slug}/" for slug in slugs]
