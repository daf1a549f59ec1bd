"""The desk as a Django app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Wagtail's admin in the paper's dress; see docs/explanation/desk.md."""

    name = "stoppress.newsroom.desk"
    label = "desk"

    def ready(self) -> None:
        """Keep the news list in step with what is written, and desk users on the paper's time.

        What Wagtail asks of all pages at once is asked our way.
        """
        from stoppress.newsroom import desksearch
        from stoppress.newsroom.desk import keeping, loginzone, policy

        desksearch.connect()
        keeping.connect()
        loginzone.connect()
        policy.register()
