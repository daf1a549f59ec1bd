"""Which pages a publish prints first, in its one switch.

Rooms above add their own with `register` (feeds, the sitemap of the day).
"""

from collections.abc import Callable, Iterable

from stoppress.newsroom import addresses
from stoppress.newsroom.actions.placing import PlacedStory

CorePages = Callable[[PlacedStory], Iterable[str]]
RAIL = "/-/parts/latest/"
LATEST_PAGE = "/latest/"

_registered: list[CorePages] = []


def register(pages: CorePages) -> CorePages:
    """Have the pages that a function names printed with every story that enters a list."""
    if pages not in _registered:
        _registered.append(pages)
    return pages


def core_pages_of(story: PlacedStory) -> list[str]:
    """The pages that show a story as soon as it is out."""
    named = (page for pages in _registered for page in pages(story))
    return ["/", RAIL, LATEST_PAGE, *section_pages(story), *author_pages(story), *named]


def section_pages(story: PlacedStory) -> list[str]:
    """The pages of the story's section and of those around it, innermost first."""
    words = story.section_path.split("/")
    return [addresses.section_url("/".join(words[:n])) for n in range(len(words), 0, -1)]


def author_pages(story: PlacedStory) -> list[str]:
    """The pages of the story's authors."""
    slugs = {author.pk: author.slug for author in story.authors}
    return [f"/authors/{slug}/" for _, slug in sorted(slugs.items())]
