"""Pictures: what is refused, and the sizes that are made."""

import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.images.forms import get_image_form

from stoppress.newsroom.actions import create_picture
from stoppress.newsroom.models import Picture, Rendition
from stoppress.newsroom.reading.pictures import read_pictures
from stoppress.press.models import Change
from tests.newsroom.paper import picture, png, story


def refused(content: bytes, name: str = "picture.png", alt_text: str = "A quay") -> list[str]:
    """The sentences with which code and the desk's form refuse a picture: the same."""
    with pytest.raises(ValidationError) as error:
        create_picture(content, name, alt_text=alt_text)
    form = get_image_form(Picture)(
        {"title": "T", "alt_text": alt_text, "collection": 1},
        {"file": SimpleUploadedFile(name, content)},
    )
    assert not form.is_valid()
    assert error.value.messages[0] in [text for texts in form.errors.values() for text in texts]
    return error.value.messages


def bomb() -> bytes:
    """A PNG of a few hundred bytes that claims to be 60,000 × 60,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def test_a_bomb_is_refused_before_it_is_unpacked(paper):
    (told,) = refused(bomb())
    assert "million pixels" in told


def test_a_truncated_picture_is_refused(paper):
    whole = png((800, 600))
    (told,) = refused(whole[: len(whole) // 2])
    assert told.startswith("The picture's file is damaged or ends too early.")


@pytest.mark.parametrize(
    "content", [b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', b"<?xml?><svg/>"]
)
def test_an_svg_is_refused(paper, content):
    for name in ("drawing.svg", "drawing.png"):
        (told,) = refused(content, name)
        assert told.startswith("SVG drawings can carry scripts")


def test_what_is_no_picture_is_refused(paper):
    (told,) = refused(b"not a picture at all")
    assert told.startswith("The file is no picture that we can read. Take JPEG, PNG")


def test_alt_text_is_required_and_checked(paper):
    with pytest.raises(ValidationError, match="alt_text"):
        create_picture(png(), "quay.png", alt_text="")
    (told,) = refused(png(), alt_text="a\x07")
    assert told.startswith("Character 2 is a control character")


def test_every_size_is_made_when_the_picture_is_saved(paper):
    quay = picture(size=(1500, 1000))
    sizes = set(Rendition.objects.filter(image=quay).values_list("width", "height"))
    assert sizes == {
        *[(320, 213), (640, 427), (960, 640), (1280, 853)],
        *[(1000, 1000), (1200, 900), (1200, 675)],
    }


def test_a_small_picture_is_never_made_larger(paper):
    quay = picture(size=(200, 120))
    shown = read_pictures([quay.pk])[quay.pk]
    assert [(size.width, size.height) for size in shown.renditions] == [(200, 120)]
    assert max(Rendition.objects.values_list("width", flat=True)) == 200


def test_pages_find_renditions_and_make_none(paper):
    live = story(lead_picture=picture())
    before = Rendition.objects.count()
    with CaptureQueriesContext(connection) as asked:
        read_pictures([live.lead_picture_id])
    assert len(asked) == 2
    assert Rendition.objects.count() == before


def test_saving_a_picture_tells_the_pages_that_show_it(paper):
    quay = picture()
    quay.caption = "At dusk"
    quay.save()
    assert Change.objects.order_by("pk").last().touched == [f"picture:{quay.pk}"]


def test_a_new_file_has_new_renditions(paper):
    quay = picture(size=(700, 500))
    quay.file = ContentFile(png((400, 400)), name="other.png")
    quay.full_clean()
    quay.save()
    sizes = set(Rendition.objects.filter(image=quay).values_list("width", "height"))
    assert sizes == {(320, 320), (400, 400), (400, 300), (400, 225)}
