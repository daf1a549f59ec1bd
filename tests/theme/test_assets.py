"""The theme's files: named by content, complete, and light. Sizes are in bytes over the wire."""

import re

import brotli
import pytest

from stoppress.theme import assets, render
from stoppress.theme.errors import UnknownAsset
from tests.theme import sample_kinds
from tests.theme.preview import filled

STYLES_MAX = 14_000
SCRIPTS_MAX = 10_000
FONTS_MAX = 30_000
ARTICLE_MAX = 60_000
HEAD_BYTES_PER_ANSWER = 700  # our answers' heads, generously


def packed(body: bytes) -> int:
    return len(brotli.compress(body, quality=5))


def test_a_file_is_named_by_its_bytes():
    assert re.fullmatch(r"/static/stoppress/paper\.[0-9a-f]{12}\.css", assets.asset("paper.css"))


def test_an_unknown_file_is_an_error():
    with pytest.raises(UnknownAsset, match=r"has no file 'paper\.png'"):
        assets.asset("paper.png")


def test_every_address_in_the_styles_leads_to_a_file():
    styles = assets.contents("paper.css").decode()
    named = re.findall(r"url\(([^)]+)\)", styles)
    assert named
    assert set(named) <= set(assets.hashed_files())


def test_no_font_is_left_unused():
    styles = assets.contents("paper.css").decode()
    fonts = [name for name in assets.hashed_files() if name.endswith(".woff2")]
    assert all(name in styles for name in fonts)


def test_styles_lose_their_spaces_and_no_meaning():
    styles = assets.contents("paper.css").decode()
    assert "--text-first: ;" in styles  # an empty property, which needs one
    assert 'content:" (" attr(href) ")"' in styles
    assert "(min-width:56rem)" in styles
    assert "calc(100vh - 6rem)" in styles
    assert "  " not in styles


def test_styles_and_scripts_fit_their_budgets():
    assert packed(assets.contents("paper.css")) <= STYLES_MAX
    assert packed(assets.contents("paper.js")) <= SCRIPTS_MAX


@pytest.mark.parametrize("cut", ["core", "french"])
def test_the_fonts_of_a_first_visit_fit_their_budget(cut):
    first = [
        name for name in assets.files() if name.endswith(f"-{cut}.woff2") and "italic" not in name
    ]
    assert sum(len(assets.contents(name)) for name in first) <= FONTS_MAX


@pytest.mark.parametrize("cut", ["core", "french"])
def test_an_article_without_pictures_fits_its_budget_with_every_face_in_use(cut):
    template, context = sample_kinds.kinds()["article"]
    page = filled(render(template, **context))
    fonts = [assets.contents(name) for name in assets.files() if name.endswith(f"-{cut}.woff2")]
    texts = [
        page.encode(),
        *(assets.contents(name) for name in ("paper.css", "paper.js", "icon.svg")),
    ]
    total = sum(map(packed, texts)) + sum(map(len, fonts))
    total += HEAD_BYTES_PER_ANSWER * (len(fonts) + len(texts) + 1)
    assert total <= ARTICLE_MAX


def test_the_licences_of_the_fonts_are_beside_them():
    for name in ("newsreader-OFL.txt", "instrument-sans-OFL.txt"):
        text = (assets.FOLDER / "fonts" / name).read_text("utf-8")
        assert "SIL OPEN FONT LICENSE" in text.upper()
        assert "Reserved Font Name" not in text.split("PREAMBLE")[0]


def test_collectstatic_gets_every_file():
    from stoppress.theme.finders import ThemeFinder

    found = {path: storage.open(path).read() for path, storage in ThemeFinder().list(None)}
    assert found == {f"stoppress/{name}": body for name, body in assets.hashed_files().items()}


def test_no_style_is_physical_where_it_could_be_logical():
    """Left and right are wrong on right-to-left pages."""
    for path in (assets.FOLDER / "styles").glob("*.css"):
        found = re.findall(
            r"(?<![\w-])(?:margin|padding|border)-(?:left|right)|float:", path.read_text()
        )
        assert not found, path.name
