"""The syndication room as a Django app."""

from django.apps import AppConfig


class SyndicationConfig(AppConfig):
    """See docs/explanation/syndication.md."""

    name = "stoppress.syndication"
    label = "syndication"

    def ready(self) -> None:
        """Join the newsroom's pages."""
        from stoppress.syndication import joining

        joining.connect()
