"""The desk's search of pages, authors and pictures: Wagtail's, without what grows with the archive.

Wagtail's database index weighs a title by how its length compares with the average of all titles,
and reads the whole index for that average each time anything is saved. Here every title weighs the
same, so a publish costs the same at any archive. Readers' search is another: `newsroom.search`.
"""

from typing import Any

from wagtail.search.backends.database import SearchBackend as wagtails_backend  # noqa: N813


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802 - Wagtail looks for this name
    """Wagtail's backend for the database in use, with an index that keeps no average."""
    backend = wagtails_backend(params)
    backend.index_class = _without_average(backend.index_class)
    return backend


def _without_average(index_class: Any) -> Any:
    class Index(index_class):
        def _refresh_title_norms(self, *args: Any, **options: Any) -> None:
            """Leave every title's weight at 1."""

    return Index
