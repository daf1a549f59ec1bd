"""The newsroom room as a Django app."""

from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    """See docs/explanation/newsroom.md."""

    name = "stoppress.newsroom"
    label = "newsroom"
