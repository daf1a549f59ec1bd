"""Topics: the IPTC Media Topics, as readers and editors use them."""

from django.db import models
from wagtail.search import index


class Topic(index.Indexed, models.Model):
    """A media topic. Retired ones stay on the articles that have them."""

    qcode = models.CharField(max_length=40, unique=True)
    label = models.CharField(max_length=200)
    slug = models.SlugField(max_length=200, unique=True, allow_unicode=True)
    definition = models.TextField(blank=True)
    broader = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="narrower"
    )
    retired = models.BooleanField(default=False)

    search_fields = [
        index.SearchField("label", boost=5),
        index.AutocompleteField("label"),
        index.SearchField("definition"),
        index.FilterField("retired"),
    ]

    class Meta:
        ordering = ["label", "id"]

    def __str__(self) -> str:
        return self.label
