"""What the desk keeps so that its pages cost the same in any archive.

The news list: one narrow row per story, so that the desk finds its way among 100,000. A row repeats
what the list shows and sorts by, because the tree of pages cannot be sorted by section and time
through one index. The stories stay the truth: `keeping` refreshes a row whenever its story is
written, and `keeping.rebuild` makes all rows anew.

Sums of reading: one row per hour and per day for the paper, each section and each author, made by
the clock from the totals (`readership.sums`), so that a month is thirty rows and not a million.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from stoppress.readership.models import Counted


class NewsListEntry(models.Model):
    """What the desk's lists know about one story."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SCHEDULED = "scheduled", "Scheduled"
        LIVE = "live", "Live"
        CHANGED = "changed", "Live, with unpublished changes"
        DOWN = "down", "Taken down"
        KILLED = "killed", "Killed"

    article = models.OneToOneField(
        "newsroom.Article",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="news_list_entry",
    )
    section = models.ForeignKey(
        "newsroom.Section", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )
    headline = models.TextField()
    folded_headline = models.TextField()  # casefolded; what the search looks in
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State)
    changed_at = models.DateTimeField()
    dated_at = models.DateTimeField()  # published at; until then, last changed
    goes_live_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("section", F("changed_at").desc(), F("article").desc(), name="desk_sec"),
            models.Index(F("changed_at").desc(), F("article").desc(), name="desk_all"),
            models.Index("section", F("dated_at").desc(), F("article").desc(), name="desk_sec_day"),
            models.Index(F("dated_at").desc(), F("article").desc(), name="desk_all_day"),
            models.Index(
                "section",
                "state",
                F("changed_at").desc(),
                F("article").desc(),
                name="desk_sec_state",
            ),
            models.Index(
                "state", F("changed_at").desc(), F("article").desc(), name="desk_all_state"
            ),
            models.Index(
                "owner", "state", F("changed_at").desc(), F("article").desc(), name="desk_owner"
            ),
            models.Index(
                "goes_live_at", name="desk_goes_live", condition=Q(goes_live_at__isnull=False)
            ),
            models.Index("expires_at", name="desk_expires", condition=Q(expires_at__isnull=False)),
        ]
        verbose_name = "news list entry"
        verbose_name_plural = "news list entries"

    def __str__(self) -> str:
        return f"{self.headline} ({self.state})"


class Scope(models.TextChoices):
    """Whose reading is summed up."""

    PAPER = "paper"
    SECTION = "section"  # its own stories, without those of sections inside
    AUTHOR = "author"


class ReadingHour(Counted):
    """What was counted in one hour (UTC) of the paper, of a section or of an author.

    Sections and authors are those that stories had when the hour was summed up. `readers` are
    distinct for the paper; elsewhere they are each story's, added up, and not to be shown.
    """

    hour = models.DateTimeField()
    scope = models.CharField(max_length=8, choices=Scope.choices)
    scope_id = models.BigIntegerField()  # 0 for the paper

    objects: ClassVar[models.Manager["ReadingHour"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "scope_id", "hour"], name="desk_one_hour_read")
        ]
        indexes = [models.Index(fields=["hour"], name="desk_hours_read")]

    def __str__(self) -> str:
        return f"{self.scope} {self.scope_id}, {self.hour:%Y-%m-%d %H}h: {self.views}"


class ReadingDay(Counted):
    """As ReadingHour, for one day of the paper; with what was read most, and where from.

    The lists are [[name or id, views], …], the highest first; "" stands for all names beyond them.
    """

    day = models.DateField()
    scope = models.CharField(max_length=8, choices=Scope.choices)
    scope_id = models.BigIntegerField()  # 0 for the paper
    stories = models.JSONField(default=list)
    referrers = models.JSONField(default=list)
    countries = models.JSONField(default=list)

    objects: ClassVar[models.Manager["ReadingDay"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "scope_id", "day"], name="desk_one_day_read")
        ]
        indexes = [models.Index(fields=["day"], name="desk_days_read")]

    def __str__(self) -> str:
        return f"{self.scope} {self.scope_id}, {self.day}: {self.views}"
