"""The desk's search of pages, authors and pictures: Wagtail's, without what grows with the archive.

Wagtail's database index weighs a title by how its length compares with the average of all titles,
and reads the whole index for that average each time anything is saved. Here every title weighs the
same, so a publish costs the same at any archive. Stories are indexed here and not by Wagtail, which
reads each anew for it, also when only a draft was saved, of which the index holds nothing. Readers'
search is another: `newsroom.search`.
"""

from typing import Any

from django.db.models.signals import post_delete, post_save
from modelsearch.backends import get_search_backends
from modelsearch.index import SearchField
from modelsearch.signal_handlers import post_delete_signal_handler
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


def connect() -> None:
    """Keep the index in step with the stories that are saved."""
    from stoppress.newsroom.models import Article

    post_save.connect(_article_saved, sender=Article, dispatch_uid="desksearch.saved")
    post_delete.connect(post_delete_signal_handler, sender=Article, dispatch_uid="desksearch.gone")


def _article_saved(instance: Any, raw: bool = False, update_fields: Any = None, **_: Any) -> None:
    if raw or (update_fields is not None and _words_of(instance).isdisjoint(update_fields)):
        return
    for backend in get_search_backends(with_auto_update=True):
        backend.add(instance)


def _words_of(page: Any) -> set[str]:
    """The columns that are searched."""
    return {field.field_name for field in page.search_fields if isinstance(field, SearchField)}
