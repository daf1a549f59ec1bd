"""How exactly a time is known. No reader is told a time more exactly than that."""

from typing import Any

from django.db import models


class Precision(models.TextChoices):
    """The smallest unit of a time that somebody stands for."""

    SECOND = "second", "Exactly"
    MINUTE = "minute", "To the minute"
    HOUR = "hour", "About the hour"
    DAY = "day", "Only the day"
    MONTH = "month", "Only the month"
    YEAR = "year", "Only the year"


def precision_field(**options: Any) -> Any:
    """A column that says how exactly the time beside it is known."""
    return models.CharField(max_length=6, choices=Precision, default=Precision.SECOND, **options)
