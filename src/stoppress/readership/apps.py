"""The readership room as a Django app."""

from django.apps import AppConfig


class ReadershipConfig(AppConfig):
    """See docs/explanation/readership.md."""

    name = "stoppress.readership"
    label = "readership"
