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


class ArticleHour(models.Model):
    """What was counted of an article in one hour (UTC), over all nodes.

    The fields are those of the edge's Counts. Article 0 stands for the paper: its distinct readers.
    """

    article_id = models.BigIntegerField()
    hour = models.DateTimeField()
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

    objects: ClassVar[models.Manager["ArticleHour"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article_id", "hour"], name="readership_one_hour")
        ]
        indexes = [models.Index(fields=["hour"], name="readership_by_hour")]

    def __str__(self) -> str:
        return f"article {self.article_id}, {self.hour:%Y-%m-%d %H}h: {self.views}"


class SourceDay(models.Model):
    """Views of an article on one day (UTC) that came from somewhere: a domain, or a country."""

    class Kind(models.TextChoices):
        """What the name is."""

        REFERRER = "referrer"
        COUNTRY = "country"

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
