"""The press room as a Django app."""

from django.apps import AppConfig


class PressConfig(AppConfig):
    """See docs/explanation/press.md."""

    name = "stoppress.press"
    label = "press"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the guard on every connection."""
        from stoppress.press.guard import guard_every_connection

        guard_every_connection()
