"""Where things stand and stood: the tables behind every public address.

An article's address is decomposed: sections own paths, articles own (section, date, slug). So
re-slugging or moving a section writes a row per section below it and none per article, and a chain
of redirects cannot come to be: every old address leads to the article, and the article knows its
one current address. Of authors, whose current slug stands on themselves, only former slugs are
kept here. Rows outlive what they point at, so that a deleted story answers 410.
"""

from django.db import models


class SectionPath(models.Model):
    """A path that a section has, or once had: "world/europe"."""

    path = models.CharField(max_length=700, db_index=True)
    section_id = models.BigIntegerField(db_index=True)
    is_current = models.BooleanField(default=True)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["path", "section_id"], name="newsroom_sectionpath_once"
            ),
            models.UniqueConstraint(
                fields=["path"],
                condition=models.Q(is_current=True),
                name="newsroom_sectionpath_one_current_section",
            ),
        ]

    def __str__(self) -> str:
        return f"/{self.path}/"


class ArticleAddress(models.Model):
    """Day and slug of an article in a section; the newest current one is where it stands."""

    article_id = models.BigIntegerField(db_index=True)
    section_id = models.BigIntegerField()
    date = models.DateField()
    slug = models.CharField(max_length=120)
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["section_id", "date", "slug"], name="newsroom_articleaddress_once"
            ),
            models.UniqueConstraint(
                fields=["article_id"],
                condition=models.Q(is_current=True),
                name="newsroom_articleaddress_one_current",
            ),
        ]
        indexes = [
            models.Index(
                fields=["date", "article_id"],
                condition=models.Q(is_current=True),
                name="newsroom_address_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date:%Y/%m/%d}/{self.slug}"


class FormerAuthorSlug(models.Model):
    """A slug that an author once had. It stays theirs, and outlives them: then it answers 410."""

    slug = models.SlugField(max_length=120, unique=True)
    author_id = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return self.slug
