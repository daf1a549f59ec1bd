"""The press room's tables: the log of changes, nodes, receipts and alarms."""

from typing import ClassVar

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
    """One switch on one node: the changes after `after` up to `change` are in its editions."""

    node = models.CharField(max_length=64)
    after = models.BigIntegerField()
    change = models.BigIntegerField(db_index=True)
    printed = models.JSONField(default=list)  # [{"path": "/", "ms": 12.5}, ...]
    applied_at = models.DateTimeField()
    ms = models.FloatField()  # from the oldest change's writing to the switch

    objects: ClassVar[models.Manager["Receipt"]] = models.Manager()

    def __str__(self) -> str:
        return f"change {self.change} on {self.node}"


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
