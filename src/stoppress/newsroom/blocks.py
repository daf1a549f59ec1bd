"""The blocks a story's body is made of.

Every text is checked as it comes in (`newsroom.text`); how blocks become what templates show is in
`newsroom.body`. A body written by code uses the same names: [("text", "<p>…</p>"), …].
"""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.images.blocks import ImageChooserBlock

from stoppress.newsroom.embeds import get_frame
from stoppress.newsroom.errors import EmbedRefused
from stoppress.newsroom.text import validate_line, validate_markup, validate_prose

INLINE_FEATURES = ["bold", "italic", "link", "superscript", "subscript", "strikethrough"]
PROSE_FEATURES = [*INLINE_FEATURES, "ol", "ul"]
TEXT_BLOCK_MAX_CHARACTERS = 200_000


def prose_block(**options: Any) -> blocks.RichTextBlock:
    """Rich text of the kind that stories are written in."""
    return blocks.RichTextBlock(
        features=PROSE_FEATURES,
        max_length=TEXT_BLOCK_MAX_CHARACTERS,
        validators=[validate_markup],
        **options,
    )


def line_block(max_length: int, **options: Any) -> blocks.CharBlock:
    """One line of plain text."""
    return blocks.CharBlock(max_length=max_length, validators=[validate_line], **options)


class PictureInBody(blocks.StructBlock):
    """A picture between paragraphs; its own caption takes the place of the picture's."""

    picture = ImageChooserBlock()
    caption = line_block(1_000, required=False, help_text="Left empty, the picture's own.")

    class Meta:
        icon = "image"
        label = "Picture"


class PullQuoteBlock(blocks.StructBlock):
    """A sentence set large."""

    quote = blocks.TextBlock(max_length=600, validators=[validate_prose])
    attribution = line_block(200, required=False)

    class Meta:
        icon = "openquote"
        label = "Pull quote"


class BulletBlock(blocks.StructBlock):
    """A bulleted or numbered list."""

    ordered = blocks.BooleanBlock(required=False, label="Numbered")
    items = blocks.ListBlock(
        blocks.RichTextBlock(
            features=INLINE_FEATURES, max_length=5_000, validators=[validate_markup]
        ),
        min_num=1,
    )

    class Meta:
        icon = "list-ul"
        label = "List"


class FactBoxBlock(blocks.StructBlock):
    """Background beside the story."""

    title = line_block(200)
    text = prose_block()

    class Meta:
        icon = "info-circle"
        label = "Fact box"


class EmbedInBody(blocks.StructBlock):
    """Something of an allowed provider, by the address of its page."""

    address = line_block(2_000, help_text="The page's address, starting with https://")
    title = line_block(200, help_text="What it is, for readers who have not opened it yet.")

    class Meta:
        icon = "media"
        label = "Embed"

    def clean(self, value: Any) -> Any:
        """Refuse an address that no allowed provider answers for."""
        cleaned = super().clean(value)
        try:
            get_frame(cleaned["address"])
        except EmbedRefused as refusal:
            raise StructBlockValidationError(
                block_errors={"address": ValidationError(str(refusal))}
            ) from refusal
        return cleaned


class CheckedTableBlock(TableBlock):
    """Rows of plain text, each cell checked."""

    def clean(self, value: Any) -> Any:
        """Refuse cells with characters that may not stand in text; the cell is named."""
        cleaned = super().clean(value)
        for row, cells in enumerate((cleaned or {}).get("data", []), start=1):
            for column, cell in enumerate(cells, start=1):
                try:
                    validate_prose(cell or "")
                except ValidationError as fault:
                    where = f"Row {row}, column {column}: {fault.messages[0]}"
                    raise ValidationError(where, code="text") from fault
        return cleaned


class BodyBlock(blocks.StreamBlock):
    """A story's body."""

    text = prose_block(icon="pilcrow", label="Text")
    subheading = line_block(200, icon="title", label="Subheading")
    picture = PictureInBody()
    gallery = blocks.ListBlock(PictureInBody(), min_num=1, icon="image", label="Gallery")
    pull_quote = PullQuoteBlock()
    list = BulletBlock()
    table = CheckedTableBlock(icon="table", label="Table")
    fact_box = FactBoxBlock()
    embed = EmbedInBody()
    related_story = blocks.PageChooserBlock(
        page_type="newsroom.Article", icon="doc-full", label="Related story"
    )

    class Meta:
        required = False


def body_faults(body: Any) -> list[str]:
    """What is wrong with a body, one sentence each; empty when all is well."""
    faults = []
    for position, child in enumerate(body, start=1):
        try:
            child.block.clean(child.value)
        except ValidationError as error:
            faults += [f"Block {position} ({child.block_type}): {text}" for text in _texts(error)]
    return faults


def _texts(error: ValidationError) -> list[str]:
    nested: list[str] = []
    for inner in getattr(error, "block_errors", None) or {}:
        errors = error.block_errors  # type: ignore[attr-defined]
        found = errors[inner] if isinstance(errors, dict) else inner
        nested += (
            [f"{inner}: {text}" if isinstance(inner, str) else text for text in _texts(found)]
            if found
            else []
        )
    return nested or [text for text in error.messages if text]
