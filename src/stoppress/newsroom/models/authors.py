"""Authors: the people and agencies that bylines name."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from wagtail.fields import RichTextField
from wagtail.search import index

from stoppress.newsroom.errors import AuthorAddressTaken
from stoppress.newsroom.text import validate_line, validate_markup

BIOGRAPHY_MAX_CHARACTERS = 20_000


class Author(index.Indexed, models.Model):  # type: ignore[django-manager-missing] # bylines
    """A person who writes for the paper, or an agency credited with copy."""

    class Kind(models.TextChoices):
        PERSON = "person", "Person"
        AGENCY = "agency", "Agency"

    name = models.CharField(max_length=200, validators=[validate_line])
    slug = models.SlugField(
        max_length=120,
        unique=True,
        blank=True,
        help_text="Left empty, it is made from the name.",
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PERSON)
    role = models.CharField(max_length=200, blank=True, validators=[validate_line])
    biography = RichTextField(
        blank=True,
        features=["bold", "italic", "link"],
        validators=[MaxLengthValidator(BIOGRAPHY_MAX_CHARACTERS), validate_markup],
    )
    email = models.EmailField(blank=True)
    portrait = models.ForeignKey(
        "newsroom.Picture", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    search_fields = [
        index.SearchField("name", boost=5),
        index.AutocompleteField("name"),
        index.FilterField("kind"),
    ]

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the author; pages that name them are told."""
        from stoppress.newsroom.actions.authors import saving_author

        with saving_author(self):
            super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Remove the author; pages that name them are told."""
        from stoppress.newsroom.actions.authors import deleting_author

        with deleting_author(self):
            return super().delete(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a slug under which readers knew another author."""
        from stoppress.newsroom.actions.authors import formerly_of_another

        super().clean()
        if self.slug and formerly_of_another(self):
            raise ValidationError({"slug": str(AuthorAddressTaken(self.slug))})
