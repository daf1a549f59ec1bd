"""Takes: stories from outside, until they become articles or are set aside."""

from django.db import models
from django.utils import timezone

from stoppress.wires.errors import NoReasonGiven, TakeAlreadyUsed

HEADLINE_MAX_CHARACTERS = 500
REASON_MAX_CHARACTERS = 500


class Take(models.Model):
    """An incoming story as it came; nothing in it is edited here."""

    class Status(models.TextChoices):
        NEW = "new", "New"
        USED = "used", "Used"
        SET_ASIDE = "set-aside", "Set aside"

    headline = models.CharField(max_length=HEADLINE_MAX_CHARACTERS)
    body_text = models.TextField(blank=True)
    section_name = models.CharField(max_length=100, blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    published_precision_seconds = models.PositiveIntegerField(null=True, blank=True)
    updated_at = models.DateTimeField(null=True, blank=True)
    updated_precision_seconds = models.PositiveIntegerField(null=True, blank=True)
    reading_minutes = models.PositiveIntegerField(
        null=True, blank=True, help_text="As stated where it came from."
    )
    source = models.CharField(max_length=200, help_text="The wire, or the file it was read from.")
    address = models.CharField(max_length=2_000, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.NEW)
    reason = models.CharField(max_length=REASON_MAX_CHARACTERS, blank=True)
    article = models.ForeignKey(
        "newsroom.Article", on_delete=models.SET_NULL, null=True, blank=True, related_name="takes"
    )
    raw = models.TextField(blank=True, help_text="All that came, untouched.")
    digest = models.CharField(max_length=64, blank=True, db_index=True, editable=False)

    class Meta:
        ordering = ["-received_at", "-published_at", "-id"]
        indexes = [models.Index(fields=["status", "-received_at"], name="wires_takes_newest")]

    def __str__(self) -> str:
        return f"{self.headline} ({self.source})"

    def set_aside(self, reason: str) -> None:
        """Keep the take but out of the way, and say why. Raises NoReasonGiven, TakeAlreadyUsed."""
        if not reason.strip():
            raise NoReasonGiven(self.headline)
        if self.status == self.Status.USED:
            raise TakeAlreadyUsed(self.headline)
        self.status, self.reason = self.Status.SET_ASIDE, reason.strip()[:REASON_MAX_CHARACTERS]
        self.save(update_fields=["status", "reason"])
