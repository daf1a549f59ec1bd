"""The desk as a Django app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Wagtail's admin in the paper's dress."""

    name = "stoppress.newsroom.desk"
    label = "desk"
