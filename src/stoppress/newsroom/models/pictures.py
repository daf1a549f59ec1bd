"""Pictures and the sizes they are shown in."""

from typing import Any

from django.core.validators import MaxLengthValidator
from django.db import models
from wagtail.images.models import AbstractImage, AbstractRendition, Image

from stoppress.newsroom.text import validate_line, validate_prose

ALT_TEXT_MAX_CHARACTERS = 500
CAPTION_MAX_CHARACTERS = 1_000


class Picture(AbstractImage):
    """A picture with what it shows in words, a caption and a credit."""

    alt_text = models.CharField(
        max_length=ALT_TEXT_MAX_CHARACTERS,
        validators=[validate_line],
        help_text="What the picture shows, for readers who cannot see it.",
    )
    caption = models.TextField(
        blank=True,
        validators=[MaxLengthValidator(CAPTION_MAX_CHARACTERS), validate_prose],
        help_text="Shown under the picture.",
    )
    credit = models.CharField(max_length=200, blank=True, validators=[validate_line])

    admin_form_fields = (
        "title",
        "file",
        "alt_text",
        "caption",
        "credit",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )
    search_fields = Image.search_fields

    @property
    def default_alt_text(self) -> str:
        """What Wagtail shows where it shows the picture itself."""
        return self.alt_text

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the picture and make its renditions; pages that show it are told."""
        from stoppress.newsroom.actions.pictures import saving_picture

        with saving_picture(self):
            super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Remove the picture; pages that show it are told."""
        from stoppress.newsroom.actions.pictures import deleting_picture

        with deleting_picture(self):
            deleted: tuple[int, dict[str, int]] = super().delete(*args, **kwargs)
            return deleted


class Rendition(AbstractRendition):
    """One size of a picture, made when the picture is saved and never inside a render."""

    image = models.ForeignKey(Picture, related_name="renditions", on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("image", "filter_spec", "focal_point_key"), name="newsroom_rendition_once"
            ),
        ]
