"""The demo's pictures: the same spec, the same bytes; every scene in every palette it is given."""

from datetime import UTC, datetime

import pytest

from stoppress.demo.library import read_library
from stoppress.demo.pictures import SCENES, PictureSpec, SceneUnknown, draw, jpeg


def test_the_same_spec_gives_the_same_bytes():
    spec = PictureSpec("cranes", "dusk", 3)
    assert jpeg(spec) == jpeg(spec)


def test_another_seed_gives_another_picture():
    assert jpeg(PictureSpec("hills", "moss", 1)) != jpeg(PictureSpec("hills", "moss", 2))


def test_a_picture_has_the_size_asked_for():
    assert draw(PictureSpec("coast", "night", 1)).size == (1600, 1067)
    assert draw(PictureSpec("portrait", "reef", 1, 800, 800, {"hair": "bun"})).size == (800, 800)


def test_an_unknown_scene_is_named_with_those_there_are():
    with pytest.raises(SceneUnknown, match=r"no scene named “volcano”.*bather"):
        draw(PictureSpec("volcano", "dusk", 1))


def test_every_scene_is_drawn_by_the_paper():
    library = read_library(datetime(2026, 11, 23, tzinfo=UTC))
    drawn = {note.spec.scene for note in library.pictures.values()}
    assert set(SCENES) - drawn == {"portrait"}


def test_pictures_are_not_flat():
    for scene, palette in (("skyline", "dusk"), ("fish", "reef"), ("hall", "morning")):
        extrema = draw(PictureSpec(scene, palette, 1)).convert("L").getextrema()
        assert extrema[1] - extrema[0] > 120
