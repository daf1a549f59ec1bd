"""The wires room as a Django app."""

from django.apps import AppConfig


class WiresConfig(AppConfig):
    """See docs/explanation/wires.md."""

    name = "stoppress.wires"
    label = "wires"
