"""Bodies: every block comes out as templates take it, and markup comes out safe."""

import pytest

from stoppress.newsroom.reading.articles import read_article
from stoppress.newsroom.reading.markup import expand
from stoppress.press.editions import print_page
from stoppress.theme import shapes
from tests.newsroom.paper import picture, story

EVERYTHING = [
    ("text", "<p>First <b>bold</b>.</p>"),
    ("subheading", "The plan"),
    ("subheading", "The plan"),
    ("pull_quote", {"quote": "We sail at dusk.", "attribution": "The skipper"}),
    ("list", {"ordered": True, "items": ["<p>One</p>", "<p>Two</p>"]}),
    (
        "table",
        {
            "data": [["Port", "Tide"], ["Velha", "2.1 m"]],
            "table_header_choice": "row",
            "first_row_is_table_header": True,
            "first_col_is_header": False,
            "table_caption": "High water",
        },
    ),
    ("fact_box", {"title": "The quay", "text": "<p>Built in 1911.</p>"}),
    ("embed", {"address": "https://youtu.be/aBcDeFgHiJ0", "title": "The ferry"}),
]


def test_every_block_has_its_shape(paper):
    quay = picture(caption="The quay", credit="M. Lund")
    body = [
        *EVERYTHING,
        ("picture", {"picture": quay, "caption": "Here it was"}),
        ("gallery", [{"picture": quay, "caption": ""}, {"picture": quay, "caption": "Again"}]),
    ]
    live = story(body=body)
    found = read_article(live.pk)
    assert found is not None
    assert [type(block).__name__ for block in found.page.body] == [
        "Paragraphs",
        "Subheading",
        "Subheading",
        "PullQuote",
        "ListBlock",
        "TableBlock",
        "FactBox",
        "Embed",
        "PictureBlock",
        "GalleryBlock",
    ]
    blocks = found.page.body
    assert [b.anchor for b in blocks if isinstance(b, shapes.Subheading)] == [
        "s-the-plan",
        "s-the-plan-2",
    ]
    assert blocks[4] == shapes.ListBlock(("One", "Two"), ordered=True)
    assert blocks[5] == shapes.TableBlock("High water", ("Port", "Tide"), (("Velha", "2.1 m"),))
    assert blocks[8].picture.caption == "Here it was"
    assert [p.caption for p in blocks[9].pictures] == ["The quay", "Again"]
    text = print_page(live.url).body.decode()
    for words in ("We sail at dusk.", "High water", "Built in 1911.", "The ferry", "Here it was"):
        assert words in text
    assert "<iframe" not in text.split("<template", 1)[0] or "youtube-nocookie" in text


def test_words_of_all_blocks_are_counted(paper):
    live = story(body=EVERYTHING)
    assert live.word_count == 22


@pytest.mark.parametrize(
    ("markup", "safe"),
    [
        ("<p onclick='x()'>a<script>alert(1)</script></p>", "<p>a</p>"),
        ('<p><a href="javascript:alert(1)">a</a></p>', "<p><a>a</a></p>"),
        ('<p><img src="https://evil.example/x.png">a</p>', "<p>a</p>"),
        ('<p style="color:red" class="x">a</p>', "<p>a</p>"),
        ('<p><a href="https://x.example/?a=1&amp;b=2">a</a></p>', None),
        ('<p><a linktype="page" id="7">ours</a></p>', '<p><a href="/world/x/">ours</a></p>'),
        ('<p><a linktype="page" id="8">gone</a></p>', "<p>gone</p>"),
        ('<p><a id="7" linktype="page">turned</a></p>', '<p><a href="/world/x/">turned</a></p>'),
        ("<p>e\u0301 “–” 北 &amp; &lt;b&gt;</p>", None),
    ],
)
def test_markup_comes_out_safe_with_every_character(markup, safe):
    assert expand(markup, {7: "/world/x/"}) == (markup if safe is None else safe)


def test_a_picture_story_has_a_page_of_its_own(paper):
    pictures = [picture(f"P{n}", (400, 300), caption=f"Caption {n}") for n in range(3)]
    live = story(kind="picture-story", gallery=[pictures[0], (pictures[1], "Mine"), pictures[2]])
    text = print_page(live.url).body.decode()
    for caption in ("Caption 0", "Mine", "Caption 2"):
        assert caption in text
    assert "Caption 1" not in text
