"""The press room's tables: the log of changes, nodes, receipts and alarms."""

from typing import Any, ClassVar

from django.db import models


class Change(models.Model):
    """One row of the log: these tags changed.

    `number` follows the order of commits. PostgreSQL draws it in a deferred trigger (see the first
    migration), so it is null until the transaction commits; on SQLite, where a writer is alone, it
    is the row's id.
    """

    number = models.BigIntegerField(null=True, unique=True)
    written_at = models.DateTimeField()
    what = models.TextField()
    # What the desk calls it; known before the number is drawn. Rows of no changing() have none.
    reference = models.CharField(max_length=16, null=True, unique=True)  # noqa: DJ001
    touched = models.JSONField(default=list)
    gone = models.JSONField(default=list)
    first = models.JSONField(default=list)  # paths to print first

    objects: ClassVar[models.Manager["Change"]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.number}: {self.what}"


class Lineage(models.Model):
    """One row that names this database.

    A store filled from another database carries another name and is discarded.
    """

    name = models.CharField(max_length=32)

    objects: ClassVar[models.Manager["Lineage"]] = models.Manager()

    def __str__(self) -> str:
        return self.name


class Node(models.Model):
    """A machine that prints: how far it has come, with which software, and when it said so."""

    name = models.CharField(max_length=64, unique=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    applied = models.BigIntegerField(default=0)
    heard_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Node"]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.name} at change {self.applied}"


class Receipt(models.Model):
    """One switch on one node: the changes after `after` up to `change` are in its editions.

    A page in `printed` or `gone` gets its `fresh_ms` when it was fetched back through the edge, at
    this change or a later one. `fetched_at` is set when all have; until then the receipt is open.
    """

    node = models.CharField(max_length=64)
    after = models.BigIntegerField()
    change = models.BigIntegerField(db_index=True)
    printed = models.JSONField(default=list)  # [{"path": "/", "ms": 12.5, "fresh_ms": 80.1}, ...]
    gone = models.JSONField(default=list)  # [{"path": "/world/…/", "fresh_ms": 60.3}, ...]
    gone_count = models.PositiveIntegerField(default=0)  # `gone` names at most MOST_GONE of them
    applied_at = models.DateTimeField()
    ms = models.FloatField()  # from the oldest change's writing to the switch
    fetched_at = models.DateTimeField(null=True)
    alarmed_at = models.DateTimeField(null=True)
    why_open = models.TextField(blank=True)  # what the last fetch of a page not yet fresh found

    objects: ClassVar[models.Manager["Receipt"]] = models.Manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["node", "change"],
                condition=models.Q(fetched_at=None),
                name="press_open_receipts",
            )
        ]

    def __str__(self) -> str:
        return f"change {self.change} on {self.node}"

    @property
    def pages(self) -> list[dict[str, Any]]:
        """Every page of the receipt, printed or gone."""
        return [*self.printed, *self.gone]

    @property
    def is_proven(self) -> bool:
        """Whether each page was fetched back fresh."""
        return self.fetched_at is not None


class PrintAlarm(models.Model):
    """A page that fails to print on a node. Its row goes when the page prints again."""

    node = models.CharField(max_length=64)
    path = models.TextField()
    why = models.TextField()
    tries = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    objects: ClassVar[models.Manager["PrintAlarm"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["node", "path"], name="press_one_alarm")]

    def __str__(self) -> str:
        return f"{self.path} ({self.tries} tries)"
