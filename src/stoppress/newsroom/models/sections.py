"""The front page and the sections below it: the tree that editors see and readers walk."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from modelcluster.fields import ParentalKey
from wagtail.models import Locale, Orderable, Page, PageManager

from stoppress.newsroom.desk.panels import front_edit_handler, section_edit_handler
from stoppress.newsroom.text import validate_line, validate_prose

# First words of addresses that are not sections; "feed" is taken below every section as well.
RESERVED_SLUGS = frozenset(
    [
        "-",
        "account",
        "admin",
        "api",
        "apple-touch-icon",
        "assets",
        "authors",
        "corrections",
        "desk",
        "documents",
        "favicon",
        "feed",
        "healthz",
        "latest",
        "login",
        "logout",
        "manifest",
        "media",
        "metrics",
        "private",
        "readyz",
        "robots",
        "search",
        "sitemap",
        "static",
        "topics",
    ]
)
SECTION_SLUG_MAX_CHARACTERS = 60
# What no form holds: Wagtail and treebeard set it, and constraints of the database hold it.
HELD_BY_CONSTRAINTS = frozenset(
    [
        "alias_of",
        "content_type",
        "latest_revision",
        "live_revision",
        "locale",
        "locked_by",
        "owner",
        "path",
        "translation_key",
    ]
)


class PressPageManager(PageManager):
    """Finds pages in no order but the one that is asked for.

    Wagtail orders every query by the place in the tree. SQLite then walks all pages in that order
    to find a few, so that reading thirteen sections cost as much as there are stories.
    """

    def get_queryset(self) -> Any:
        """All pages of the type, in no order."""
        return super().get_queryset().order_by()

    def in_tree_order(self, *columns: Any) -> list[Any]:
        """The path and other columns of all pages of the type, as they stand in the tree.

        Named by their ids, or SQLite without statistics would look for them among all pages.
        """
        rows = self.filter(pk__in=self.values("pk")).values_list("path", *columns)
        return sorted(rows)


class PressPage(Page):
    """What our pages have in common: acts go through the newsroom's own actions."""

    objects = PressPageManager()

    private_page_options: list[str] = []

    class Meta:
        abstract = True

    def full_clean(self, exclude: Iterable[str] | None = None, **options: Any) -> None:
        """Check what people write. The rest cost a query for each column, three times a publish."""
        super().full_clean(exclude={*(exclude or ()), *HELD_BY_CONSTRAINTS}, **options)

    def save(self, *args: Any, **options: Any) -> Any:
        """Write the page; a draft's writes are nothing that readers could see."""
        from stoppress.newsroom.actions.drafts import drafting, indexing_once

        with drafting(self), indexing_once(self):
            return super().save(*args, **options)

    def publish(self, revision: Any, *args: Any, **options: Any) -> None:
        """Publish a revision; whoever asks, this is one change with its tags."""
        from stoppress.newsroom.actions.publish import publishing

        with publishing(self, revision):
            super().publish(revision, *args, **options)

    def unpublish(self, *args: Any, **options: Any) -> None:
        """Take the page from readers, as one change."""
        from stoppress.newsroom.actions.unpublish import unpublishing

        with unpublishing(self):
            super().unpublish(*args, **options)

    def move(self, *args: Any, **options: Any) -> None:
        """Move the page in the tree, as one change; old addresses keep leading to it."""
        from stoppress.newsroom.actions.move import moving

        with moving(self):
            super().move(*args, **options)

    def add_child(self, **options: Any) -> Any:
        """Put a page below this one. Two who do so at once would choose one place: one waits."""
        from stoppress.newsroom.actions.drafts import hold

        with transaction.atomic(savepoint=False):
            hold(self)
            return super().add_child(**options)

    def delete(self, *args: Any, **options: Any) -> Any:
        """Delete the page and all below it, as one change; its addresses answer 410."""
        from stoppress.newsroom.actions.delete import deleting

        with deleting(self):
            return super().delete(*args, **options)

    def get_default_locale(self) -> Any:
        """The one locale there is: Wagtail looks for the paper's language, which may change."""
        return Locale.all_objects.order_by("pk").first()

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str] | None:
        """Where readers find the page; None while they cannot."""
        from stoppress.newsroom.addresses import public_url_parts

        return public_url_parts(self)


class Front(PressPage):
    """The front page, with its curated stories."""

    subpage_types = ["newsroom.Section"]
    parent_page_types = ["wagtailcore.Page"]
    max_count = 1

    edit_handler = front_edit_handler()
    preview_modes: list[tuple[str, str]] = []  # it shows what is live

    class Meta:
        verbose_name = "front page"


class FrontSlot(Orderable):
    """A story an editor put on the front page."""

    front = ParentalKey(Front, on_delete=models.CASCADE, related_name="slots")
    article = models.ForeignKey("newsroom.Article", on_delete=models.CASCADE, related_name="+")

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.sort_order}: {self.article_id}"


class Section(PressPage):
    """A section of the paper; sections may hold sections."""

    description = models.TextField(
        blank=True, validators=[MaxLengthValidator(1_000), validate_prose]
    )

    subpage_types = ["newsroom.Section", "newsroom.Article"]
    parent_page_types = ["newsroom.Front", "newsroom.Section"]
    edit_handler = section_edit_handler()
    preview_modes: list[tuple[str, str]] = []  # it shows what is live

    class Meta:
        verbose_name = "section"

    def clean(self) -> None:
        """Keep the paper's own words out of section addresses."""
        super().clean()
        validate_line(self.title)
        if refusal := slug_refusal(self.slug):
            raise ValidationError({"slug": refusal})


def slug_refusal(slug: str) -> str:
    """Why this cannot be a section's slug; empty if it can."""
    if slug in RESERVED_SLUGS:
        return f"“{slug}” is an address of the paper itself. Choose another slug."
    if slug.isdigit():
        return f"“{slug}” would be read as a year or a month. Choose a slug with a letter in it."
    if len(slug) > SECTION_SLUG_MAX_CHARACTERS:
        return (
            f"The slug has {len(slug)} characters; the limit is {SECTION_SLUG_MAX_CHARACTERS}. "
            "Shorten it."
        )
    return ""
