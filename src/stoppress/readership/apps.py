"""The readership room as a Django app."""

from django.apps import AppConfig


class ReadershipConfig(AppConfig):
    """See docs/explanation/readership.md."""

    name = "stoppress.readership"
    label = "readership"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Guard the counts that pages show."""
        from stoppress.press.guard import watch
        from stoppress.readership.models import PrintedCount

        watch(PrintedCount)
