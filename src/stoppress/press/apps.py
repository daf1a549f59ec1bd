"""The press room as a Django app."""

from django.apps import AppConfig


class PressConfig(AppConfig):
    """See docs/explanation/press.md."""

    name = "stoppress.press"
    label = "press"
