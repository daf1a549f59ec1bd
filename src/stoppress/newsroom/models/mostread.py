"""Which stories are read most: kept as rows, so that pages with them are functions of the database.

A row is written only when its stories or their order change. See docs/explanation/readership.md.
"""

from typing import ClassVar

from django.db import models


class MostRead(models.Model):
    """The most read of one list in one window, as its order last changed."""

    window = models.CharField(max_length=8)  # "hour", "day" or "week"
    list = models.CharField(max_length=40)  # as a Listing's: "latest" is the paper
    since = models.DateTimeField()  # views are counted from here,
    until = models.DateTimeField()  # to here
    entries = models.JSONField()  # [[article id, score, views], …], the most read first

    objects: ClassVar[models.Manager["MostRead"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["window", "list"], name="newsroom_mostread_once"),
        ]

    def __str__(self) -> str:
        return f"{self.list}, last {self.window}: {len(self.entries)}"
