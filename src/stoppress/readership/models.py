"""The readership room's tables: totals, opening balances and the counts that pages show.

`article_id` is a plain number: this room knows no article.
"""

from typing import ClassVar

from django.db import models


class AppliedBatch(models.Model):
    """The last batch of a node's journal in the totals: it and those before are not added again."""

    node = models.CharField(max_length=64, unique=True)
    number = models.BigIntegerField()

    objects: ClassVar[models.Manager["AppliedBatch"]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.node} up to batch {self.number}"


class Counted(models.Model):
    """What is counted of something in a span of time. The fields are those of the edge's Counts."""

    views = models.BigIntegerField(default=0)
    robots = models.BigIntegerField(default=0)
    staff = models.BigIntegerField(default=0)
    doubtful = models.BigIntegerField(default=0)
    readers = models.BigIntegerField(default=0)
    engaged_seconds = models.BigIntegerField(default=0)
    read_quarter = models.BigIntegerField(default=0)
    read_half = models.BigIntegerField(default=0)
    read_three_quarters = models.BigIntegerField(default=0)
    read_all = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class ArticleHour(Counted):
    """What was counted of an article in one hour (UTC), over all nodes.

    Article 0 stands for the paper: its distinct readers. After a while the hours of a day are
    folded into its first (see retention.py).
    """

    article_id = models.BigIntegerField()
    hour = models.DateTimeField()

    objects: ClassVar[models.Manager["ArticleHour"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article_id", "hour"], name="readership_one_hour")
        ]
        indexes = [models.Index(fields=["hour"], name="readership_by_hour")]

    def __str__(self) -> str:
        return f"article {self.article_id}, {self.hour:%Y-%m-%d %H}h: {self.views}"


class ArticleMinute(Counted):
    """What reached the totals of an article in one minute, for a look at the last half hour.

    Article 0 is the paper: the sum of all articles, and its distinct readers. Rows are kept for
    some hours; nothing is told from them that must be right for good.
    """

    article_id = models.BigIntegerField()
    minute = models.DateTimeField()

    objects: ClassVar[models.Manager["ArticleMinute"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article_id", "minute"], name="readership_one_minute")
        ]
        indexes = [models.Index(fields=["minute"], name="readership_by_minute")]

    def __str__(self) -> str:
        return f"article {self.article_id}, {self.minute:%Y-%m-%d %H:%M}: {self.views}"


class HourToSum(models.Model):
    """An hour (UTC) in which something was counted since it was last summed up.

    `moves` rises with each batch, in the batch's transaction: who sums up removes the row only as
    it was when they began, so that no batch is left out.
    """

    hour = models.DateTimeField(primary_key=True)
    moves = models.BigIntegerField(default=1)

    objects: ClassVar[models.Manager["HourToSum"]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H}h"


class SuspectHour(models.Model):
    """An hour of an article whose reading looks like abuse. Nothing is taken from its count."""

    article_id = models.BigIntegerField()
    hour = models.DateTimeField()
    signs = models.JSONField()  # of spikes.Sign, at least one
    views = models.BigIntegerField()
    doubtful = models.BigIntegerField()
    readers = models.BigIntegerField()
    engaged_seconds = models.BigIntegerField()
    usual_views = models.BigIntegerField()  # the busiest of the hours it is compared with
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=150, blank=True)  # a login; outlives its user
    note = models.CharField(max_length=500, blank=True)

    objects: ClassVar[models.Manager["SuspectHour"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article_id", "hour"], name="readership_one_suspicion")
        ]
        indexes = [
            models.Index(
                fields=["-hour", "article_id"],
                condition=models.Q(settled_at=None),
                name="readership_open_suspicions",
            ),
            models.Index(fields=["-hour", "article_id"], name="readership_suspicions"),
        ]

    def __str__(self) -> str:
        return f"article {self.article_id}, {self.hour:%Y-%m-%d %H}h: {', '.join(self.signs)}"


class SourceDay(models.Model):
    """Views of an article on one day that came from somewhere: a domain, or a country.

    The day is the paper's at the beginning of the hour (UTC) in which the view was counted.
    """

    class Kind(models.TextChoices):
        """What the name is."""

        REFERRER = "referrer"
        COUNTRY = "country"
        REFUSED = "refused"  # of article 0: reports, by the reason

    article_id = models.BigIntegerField()
    day = models.DateField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=253)
    views = models.BigIntegerField(default=0)

    objects: ClassVar[models.Manager["SourceDay"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article_id", "day", "kind", "name"], name="readership_one_source"
            )
        ]
        indexes = [models.Index(fields=["day", "kind"], name="readership_sources_by_day")]

    def __str__(self) -> str:
        return f"article {self.article_id}, {self.day}: {self.views} from {self.name}"


class NodeTotal(models.Model):
    """Views of an article that one node's journal has shipped: the sum of its ArticleHours."""

    article_id = models.BigIntegerField()
    node = models.CharField(max_length=64)
    views = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(db_index=True)

    objects: ClassVar[models.Manager["NodeTotal"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article_id", "node"], name="readership_one_total")
        ]

    def __str__(self) -> str:
        return f"article {self.article_id} on {self.node}: {self.views}"


class OpeningBalance(models.Model):
    """Views that an imported story had where it came from; kept apart from what we counted."""

    article_id = models.BigIntegerField(primary_key=True)
    views = models.BigIntegerField()
    source = models.TextField()
    retrieved_at = models.DateTimeField()
    moved_at = models.DateTimeField(db_index=True)

    objects: ClassVar[models.Manager["OpeningBalance"]] = models.Manager()

    def __str__(self) -> str:
        return f"article {self.article_id}: {self.views} from {self.source}"


class PrintedCount(models.Model):
    """The count that an article's page shows. It moves only with a change."""

    article_id = models.BigIntegerField(primary_key=True)
    views = models.BigIntegerField()
    printed_at = models.DateTimeField()

    objects: ClassVar[models.Manager["PrintedCount"]] = models.Manager()

    def __str__(self) -> str:
        return f"article {self.article_id}: {self.views}"


class CountToCheck(models.Model):
    """An article whose total has moved since its printed count was last looked at."""

    article_id = models.BigIntegerField(primary_key=True)

    objects: ClassVar[models.Manager["CountToCheck"]] = models.Manager()

    def __str__(self) -> str:
        return f"article {self.article_id}"
