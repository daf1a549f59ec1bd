"""The theme as a Django app: its templates and static files."""

from django.apps import AppConfig


class ThemeConfig(AppConfig):
    """Templates, styles and scripts that readers see."""

    name = "stoppress.theme"
    label = "theme"

    def ready(self) -> None:
        """Have the styles, scripts and fonts exported with the pages that name them."""
        from stoppress.press.export import sources
        from stoppress.theme.assets import files_by_address

        sources.files_from(files_by_address)
