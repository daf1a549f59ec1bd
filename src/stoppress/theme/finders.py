"""Hands the theme's joined and hashed files to Django's collectstatic."""

from collections.abc import Iterable
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage

from stoppress.theme.assets import PREFIX, hashed_files


class ThemeFinder(BaseFinder):
    """Finds what `theme.assets` makes. It exists only in memory until it is collected."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[tuple[str, Storage]]:
        """Yield each file's path and the storage that holds it."""
        storage = InMemoryStorage()
        for name, body in hashed_files().items():
            storage.save(PREFIX + name, ContentFile(body))
            yield PREFIX + name, storage

    def find(self, path: str, find_all: bool = False) -> Any:
        """Find nothing on disk: development serves collected files, as production does."""
        return [] if find_all else None

    def check(self, **kwargs: Any) -> Any:
        """Report no configuration faults: there is nothing to configure."""
        return []
