"""What there is to export. Rooms above know it and register functions; the press knows no article.

    addresses_from(public_addresses)     every address that may have an edition, former ones too
    files_from(theme_files)              files that are no editions, by their path: bytes
    named_by(feed_file)                  "/feed/" -> "index.xml": what is no page of HTML
    page_instead("/search/", a_view)     a page for an address that only the running site answers

An address that has no page, or says 410, is left out; one that leads elsewhere becomes a redirect.
Addresses are asked for in the snapshot that is exported.
"""

from collections.abc import Callable, Iterable, Mapping

from django.http import HttpRequest, HttpResponse

Addresses = Callable[[], Iterable[str]]
Files = Callable[[], Mapping[str, bytes]]
Namer = Callable[[str], str | None]
Page = Callable[[HttpRequest], HttpResponse]

PAGE_FILE = "index.html"

_addresses: list[Addresses] = []
_files: list[Files] = []
_namers: list[Namer] = []
_pages: dict[str, Page] = {}


def addresses_from(source: Addresses) -> None:
    """Export what stands at these addresses from now on."""
    if source not in _addresses:
        _addresses.append(source)


def files_from(source: Files) -> None:
    """Export these files, too."""
    if source not in _files:
        _files.append(source)


def named_by(namer: Namer) -> None:
    """Ask a function for the file of an address that ends with a slash; None for a page."""
    if namer not in _namers:
        _namers.append(namer)


def page_instead(path: str, page: Page) -> None:
    """Export the answer of a view that no public address owns; it gets a canonical request."""
    _pages[path] = page


def all_addresses() -> list[str]:
    """Every registered address once, in the order of registration."""
    return list(dict.fromkeys(path for source in _addresses for path in source()))


def all_files() -> dict[str, bytes]:
    """Every registered file by its path without the first slash."""
    return {path: body for source in _files for path, body in source().items()}


def all_pages() -> dict[str, Page]:
    """The registered pages by their addresses."""
    return dict(_pages)


def file_in(path: str) -> str:
    """The name of the file of an address, in the address's own folder."""
    return next((name for namer in _namers if (name := namer(path))), PAGE_FILE)
