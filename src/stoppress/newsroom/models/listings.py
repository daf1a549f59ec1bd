"""Who stands in which list. The only tables that readers' lists are made from.

A list is named by what it is about: "latest", "section-12", "author-5", "topic-medtop:11000000".
An article stands in the list of its own section only; the page of an outer section merges the lists
of the sections inside it, so that moving a section writes nothing here.
"""

from django.db import models


class Listing(models.Model):
    """One article in one list."""

    list = models.CharField(max_length=40)
    published_at = models.DateTimeField()
    month = models.DateField()  # its first day, as the paper's time zone had it then
    article_id = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "article_id"], name="newsroom_listing_once"),
        ]
        indexes = [
            models.Index(
                fields=["list", "-published_at", "-article_id"], name="newsroom_listing_order"
            ),
            models.Index(fields=["list", "month"], name="newsroom_listing_month"),
        ]

    def __str__(self) -> str:
        return f"{self.list}: {self.article_id}"


class ListingMonth(models.Model):
    """How many articles of a list fall in a month of the paper's own time zone."""

    list = models.CharField(max_length=40)
    month = models.DateField()  # its first day
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "month"], name="newsroom_listingmonth_once"),
        ]

    def __str__(self) -> str:
        return f"{self.list} {self.month:%Y-%m}: {self.count}"
