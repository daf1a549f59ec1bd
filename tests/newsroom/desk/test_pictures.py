"""Giving the desk a picture: alt text is required, and what is no sound picture is refused."""

import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from stoppress.newsroom.models import Picture
from tests.newsroom.paper import png

SCRIPTED = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def bomb():
    """A PNG of some hundred bytes that unpacks to 900 million pixels."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )


BAD = {
    "bomb": ("bomb.png", bomb(), "pixels"),
    "truncated": ("half.png", png((400, 300))[:300], "damaged or ends too early"),
    "svg": ("drawing.svg", SCRIPTED, ""),
    "svg named png": ("drawing.png", SCRIPTED, "SVG drawings can carry scripts"),
    "text": ("notes.png", b"Dear editor", "no picture"),
    "empty": ("empty.png", b"", "no picture"),
}


def given(name, content):
    return SimpleUploadedFile(name, content, content_type="image/png")


def add(client, file, **fields):
    data = {"title": "The quay", "alt_text": "Boats at a quay", "collection": "1", "file": file}
    return client.post(reverse("wagtailimages:add"), {**data, **fields})


def test_a_picture_is_taken_with_its_words(desk, paper):
    response = add(desk(paper.reporter), given("quay.png", png()), caption="", credit="M. Lund")
    assert response.status_code == 302
    picture = Picture.objects.get()
    assert (picture.alt_text, picture.credit) == ("Boats at a quay", "M. Lund")


def test_a_picture_without_alt_text_is_not_taken(desk, paper):
    response = add(desk(paper.reporter), given("quay.png", png()), alt_text="")
    assert response.status_code == 200
    assert response.context["form"].errors["alt_text"] == ["This field is required."]
    assert not Picture.objects.exists()


@pytest.mark.parametrize("case", BAD.values(), ids=BAD.keys())
def test_what_is_no_sound_picture_is_refused_with_its_fault(desk, paper, case):
    name, content, complaint = case
    response = add(desk(paper.reporter), given(name, content))
    assert response.status_code == 200
    [error] = response.context["form"].errors["file"]
    assert complaint in error
    assert not Picture.objects.exists()


@pytest.mark.parametrize("case", BAD.values(), ids=BAD.keys())
def test_it_is_refused_among_many_too(desk, paper, case):
    name, content, complaint = case
    response = desk(paper.reporter).post(
        reverse("wagtailimages:add_multiple"),
        {"title": name, "files[]": given(name, content), "collection": "1"},
        headers={"x-requested-with": "XMLHttpRequest"},
    )
    answer = response.json()
    assert not answer["success"]
    assert complaint in answer["error_message"]
    assert not Picture.objects.exists()


def test_among_many_a_picture_waits_for_its_alt_text(desk, paper):
    client = desk(paper.reporter)
    response = client.post(
        reverse("wagtailimages:add_multiple"),
        {"title": "Quay", "files[]": given("quay.png", png()), "collection": "1"},
        headers={"x-requested-with": "XMLHttpRequest"},
    )
    answer = response.json()
    assert answer["success"]
    assert not Picture.objects.exists()
    assert "alt_text" in answer["form"]
