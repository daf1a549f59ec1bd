"""Articles: what the whole house is for."""

import re
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils import timezone
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import get_all_child_relations
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable

from stoppress.newsroom.blocks import BodyBlock, body_faults
from stoppress.newsroom.desk.panels import article_edit_handler
from stoppress.newsroom.languages import direction_of, is_language_tag, paper_language
from stoppress.newsroom.models.precision import Precision, precision_field
from stoppress.newsroom.models.sections import PressPage
from stoppress.newsroom.text import validate_line, validate_prose
from stoppress.newsroom.words import PUBLIC_UPDATE_KINDS
from stoppress.theme.shapes import Direction

HEADLINE_MAX_CHARACTERS = 255  # of Wagtail's Page.title
CLOCK_SLACK = timedelta(minutes=1)
STANDFIRST_MAX_CHARACTERS = 1_000
OF_THE_PAGE = ("content_type", "owner", "locked_by", "latest_revision", "locale", "alias_of")
DRAWN_SLUG = re.compile(r"a-[0-9a-f]{32}")  # at random, so nobody else has it


class Article(PressPage):
    """A story. Its row is what readers see; drafts are revisions until published."""

    class Kind(models.TextChoices):
        REPORT = "report", "Report"
        ANALYSIS = "analysis", "Analysis"
        EXPLAINER = "explainer", "Explainer"
        OPINION = "opinion", "Opinion"
        PICTURE_STORY = "picture-story", "Picture story"

    class WritingDirection(models.TextChoices):
        AUTO = "", "As the language is written"
        LTR = "ltr", "Left to right"
        RTL = "rtl", "Right to left"

    kind = models.CharField(max_length=20, choices=Kind, default=Kind.REPORT)
    kicker = models.CharField(max_length=100, blank=True, validators=[validate_line])
    short_headline = models.CharField(
        max_length=120, blank=True, validators=[validate_line], help_text="For cards and lists."
    )
    standfirst = models.TextField(
        blank=True, validators=[MaxLengthValidator(STANDFIRST_MAX_CHARACTERS), validate_prose]
    )
    dateline = models.CharField(
        max_length=120, blank=True, validators=[validate_line], help_text="The place: LISBON"
    )
    lead_picture = models.ForeignKey(
        "newsroom.Picture", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    body = StreamField(BodyBlock(required=False), blank=True)
    language = models.CharField(max_length=35, default=paper_language)
    direction = models.CharField(max_length=3, choices=WritingDirection, default="", blank=True)
    sources = models.TextField(
        blank=True,
        validators=[MaxLengthValidator(5_000), validate_prose],
        help_text="Where the story's facts come from, for readers.",
    )
    topics = ParentalManyToManyField("newsroom.Topic", blank=True, related_name="articles")
    address_slug = models.CharField(
        max_length=100,
        blank=True,
        validators=[validate_line],
        help_text="Last word of the address. Left empty, it is made from the headline.",
    )
    published_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Decides the day in the address and the order in lists. "
        "Left empty, it is the moment of publishing.",
    )
    published_precision = precision_field(
        help_text="How exactly that time is known. Readers are told no more than this."
    )
    embargoed_until = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(null=True, editable=False)  # newest public update
    updated_precision = precision_field(editable=False)
    word_count = models.PositiveIntegerField(default=0, editable=False)
    reading_minutes = models.PositiveIntegerField(default=1, editable=False)
    killed_at = models.DateTimeField(null=True, editable=False)
    kill_reason = models.CharField(max_length=500, blank=True, editable=False)

    subpage_types: list[str] = []
    parent_page_types = ["newsroom.Section"]
    exclude_fields_in_copy = [
        "published_at",
        "published_precision",
        "address_slug",
        "updated_at",
        "updated_precision",
        "killed_at",
        "kill_reason",
        "updates",
    ]
    edit_handler = article_edit_handler()
    search_auto_update = False  # desksearch.py does

    class Meta:
        verbose_name = "article"

    @property
    def headline(self) -> str:
        """The headline; Wagtail calls it title."""
        return str(self.title)

    @property
    def text_direction(self) -> Direction:
        """The direction the story is written in."""
        if self.direction == "rtl":
            return "rtl"
        return "ltr" if self.direction == "ltr" else direction_of(self.language)

    @property
    def moment(self) -> datetime:
        """When it was published; now, for a draft without a date."""
        return self.published_at or timezone.now()

    def publish_exactly(self, at: datetime) -> None:
        """Set the time of publication, known to the second."""
        self.published_at, self.published_precision = at, Precision.SECOND

    @property
    def section_page(self) -> Any:
        """The section the story stands in."""
        return self.get_parent().specific

    def clean(self) -> None:
        """Check what single fields cannot: the headline's characters, the body, the language."""
        super().clean()
        faults: dict[str, Any] = {}
        try:
            validate_line(self.title)
        except ValidationError as fault:
            faults["title"] = fault
        if not is_language_tag(self.language):
            faults["language"] = (
                f"{self.language!r} is not a language tag. Write it as in “en”, “pt-BR” or “ar”."
            )
        if self.published_at and self.published_at > timezone.now() + CLOCK_SLACK:
            faults["published_at"] = (
                "The time of publication lies in the future. To publish later, schedule the story."
            )
        if in_body := body_faults(self.body):
            faults["body"] = in_body
        if faults:
            raise ValidationError(faults)

    def _set_core_field_defaults(self) -> None:
        # Wagtail's slug is internal to us: unique for good, so that no tree act can clash.
        if not getattr(self, "slug", ""):
            self.slug = f"a-{uuid.uuid4().hex}"
        super()._set_core_field_defaults()

    def _check_slug_is_unique(self) -> None:
        if not DRAWN_SLUG.fullmatch(self.slug):
            super()._check_slug_is_unique()

    def is_site_root(self) -> bool:
        """No: readers' addresses begin at the front. Wagtail asks the database at each save."""
        return False

    def save(self, *args: Any, **options: Any) -> Any:
        """Write the story with its words counted and its newest public update noted."""
        if not options.get("update_fields"):
            from stoppress.newsroom.body import measure

            measure(self)
            if self.live and self.published_at is None:
                self.publish_exactly(timezone.now())
        return super().save(*args, **options)

    def serve_preview(self, request: Any, mode_name: str) -> Any:
        """The story in hand, in the readers' own dress."""
        from stoppress.newsroom.desk.previewing import preview

        return preview(self, request)

    def with_content_json(self, content: dict[str, Any]) -> "Article":
        """Take a revision's content, but keep what belongs to the story as a whole."""
        article: Article = super().with_content_json(_without_owners(content))
        article._cached_parent_obj = self.get_parent()
        article.killed_at, article.kill_reason = self.killed_at, self.kill_reason
        if article.published_at is None:
            article.published_at = self.published_at
            article.published_precision = self.published_precision
        return article


def _without_owners(content: dict[str, Any]) -> dict[str, Any]:
    """A revision's content without what its page is given anyhow, and Wagtail would look up.

    That is what belongs to the page as a whole, and in each of its rows the page itself.
    """
    kept = {name: value for name, value in content.items() if name not in OF_THE_PAGE}
    for relation in get_all_child_relations(Article):
        name, owner = relation.get_accessor_name(), relation.field.name
        if name in kept:
            kept[name] = [{k: v for k, v in row.items() if k != owner} for row in kept[name]]
    return kept


class ArticleByline(Orderable):
    """One name in an article's byline."""

    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="byline")
    author = models.ForeignKey("newsroom.Author", on_delete=models.CASCADE, related_name="bylines")
    role = models.CharField(
        max_length=100, blank=True, validators=[validate_line], help_text="“in Lisbon”, “pictures”"
    )

    panels = [FieldPanel("author"), FieldPanel("role")]

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return str(self.author)


class ArticlePicture(Orderable):
    """One picture of an article's gallery."""

    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="gallery")
    picture = models.ForeignKey("newsroom.Picture", on_delete=models.CASCADE, related_name="+")
    caption = models.CharField(max_length=1_000, blank=True, validators=[validate_line])

    panels = [FieldPanel("picture"), FieldPanel("caption")]

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return str(self.picture)


class UpdateEntry(models.Model):
    """One line of an article's update log. All but silent fixes are shown to readers."""

    class Kind(models.TextChoices):
        SILENT = "silent", "Silent fix"
        UPDATE = "update", "Update"
        CORRECTION = "correction", "Correction"
        CLARIFICATION = "clarification", "Clarification"
        RETRACTION = "retraction", "Retraction"

    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="updates")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.UPDATE)
    dated_at = models.DateTimeField(default=timezone.now)
    dated_precision = precision_field(verbose_name="how exactly that is known")
    text = models.TextField(
        validators=[MaxLengthValidator(2_000), validate_prose],
        help_text="What was changed, for readers.",
    )

    panels = [
        FieldPanel("kind"),
        FieldRowPanel([FieldPanel("dated_at"), FieldPanel("dated_precision")]),
        FieldPanel("text"),
    ]

    class Meta:
        ordering = ["-dated_at", "-id"]
        indexes = [models.Index(fields=["-dated_at", "-id"], name="newsroom_updates_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.dated_at:%Y-%m-%d %H:%M}"

    @property
    def is_public(self) -> bool:
        """Whether readers are told."""
        return self.kind in PUBLIC_UPDATE_KINDS
