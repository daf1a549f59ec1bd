"""The theme as a Django app: its templates and static files."""

from django.apps import AppConfig


class ThemeConfig(AppConfig):
    """Templates, styles and scripts that readers see."""

    name = "stoppress.theme"
    label = "theme"
