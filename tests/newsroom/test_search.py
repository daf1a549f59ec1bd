"""Search: every script is found, on either database alike."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stoppress.newsroom import search
from stoppress.newsroom.actions import kill, publish, unpublish
from stoppress.newsroom.models import Author
from tests.newsroom.paper import section, story


def found(query: str, **filters: object) -> list[int]:
    return list(search.find(query, search.Filters(**filters)).article_ids)


@pytest.mark.parametrize(
    ("text", "queries"),
    [
        ("Storm hits the coast", ["storm", "STORM", "stor", "coast storm", '"coast"', "hits*"]),
        ("Çay fiyatı Ålesund’da", ["cay", "ÇAY", "fiyati", "alesund", "Ålesund"]),
        ("Nguyễn Văn Đức phát biểu", ["nguyen", "Đức", "duc", "biểu"]),
        ("Москва ждёт", ["москва", "МОСКВА", "ждет", "ждёт"]),
        ("北京天气预报", ["北京", "天气预报", "气预", "京", "北京天气预报"]),
        ("東京タワーのニュース", ["東京", "タワー", "ニュース"]),
        ("서울에서 열린 회의", ["서울", "회의", "열린"]),
        ("สภาพอากาศวันนี้", ["อากาศ", "วันนี้"]),
        ("العبّارة تعود إلى الميناء", ["العبارة", "الميناء", "تعود"]),
        ("המעבורת חוֹזֶרֶת", ["המעבורת", "חוזרת"]),
        ("प्रधानमंत्री ने कहा", ["प्रधानमंत्री", "कहा"]),
        ("Don’t panic, it’s 28-point", ["don't", "it's", "28", "panic"]),
    ],
)
def test_a_story_is_found_in_any_script(paper, text, queries):
    live = story("Other words", body=[("text", f"<p>{text}</p>")])
    story("Unrelated", body=[("text", "<p>Nothing of the kind.</p>")])
    for query in queries:
        assert found(query) == [live.pk], query


def test_all_words_must_be_found(paper):
    live = story("Storm at sea")
    assert found("storm sea") == [live.pk]
    assert found("storm mountain") == []
    assert found("北京") == []


def test_a_headline_outranks_a_mention(paper):
    mention = story("Calm", body=[("text", "<p>No storm today.</p>")])
    headline = story("Storm")
    assert found("storm") == [headline.pk, mention.pk]


def test_bylines_and_topics_are_found(paper):
    mira = Author.objects.get(name="Mira Lund")
    live = story(byline=[mira], topics=["medtop:20000003"])
    assert found("mira lund") == found("animation") == [live.pk]


def test_what_is_taken_down_is_not_found(paper):
    one, two = story("Storm one"), story("Storm two")
    unpublish(one)
    assert found("storm") == [two.pk]
    kill(two, reason="wrong")
    assert found("storm") == []


def test_a_new_text_replaces_the_old(paper):
    live = story("Storm")
    live.title = "Calm"
    live.body = [("text", "<p>Still air.</p>")]
    live.address_slug = "x"
    publish(live)
    assert found("storm") == []
    assert found("calm") == [live.pk]


def test_filters_narrow(paper):
    world = story("Storm", at=datetime(2026, 3, 1, 12, tzinfo=UTC))
    harbour = story("Storm", section="harbour", kind="opinion")
    assert found("storm", section_ids=(section("harbour").pk,)) == [harbour.pk]
    assert found("storm", kinds=("report",)) == [world.pk]
    assert found("storm", since=date(2026, 3, 2)) == [harbour.pk]
    assert found("storm", until=date(2026, 3, 1)) == [world.pk]
    assert found("", kinds=("opinion",)) == [harbour.pk]


@settings(max_examples=30, suppress_health_check=list(HealthCheck), deadline=None)
@given(query=st.text(max_size=60))
def test_no_query_can_break_the_index(paper, query):
    found(query)


@pytest.fixture
def reader(paper, settings) -> Client:
    settings.SECURE_SSL_REDIRECT = False
    return Client(headers={"host": "paper.example"})


def test_the_search_page_answers_and_is_never_stored(reader):
    live = story("Storm at sea")
    answer = reader.get("/search/", {"q": "storm"})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert live.url in answer.content.decode()
    assert "<title>Search" in answer.content.decode()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"q": "storm", "section": "nowhere"}, "There is no section “nowhere”."),
        ({"q": "storm", "kind": "gossip"}, "There is no kind of story “gossip”."),
        ({"q": "storm", "since": "yesterday"}, "“yesterday” is not a date."),
        ({"q": "storm", "since": "2026-02-30"}, "“2026-02-30” is not a date."),
        ({"q": "s", "since": "2026-03-02", "until": "2026-03-01"}, "before it begins"),
        ({"q": "storm", "page": "zero"}, "“zero” is not a page"),
        ({"q": "storm", "page": "99999"}, "“99999” is not a page"),
        ({"q": "x" * 201}, "The search has 201 characters; the limit is 200."),
        ({"q": "!!!"}, "has no letters or digits"),
        ({"q": "a\x07"}, "Character 2 is a control character"),
        ({"q": "<script>", "kind": "<b>"}, "“&lt;b&gt;”"),
    ],
)
def test_what_cannot_be_read_is_answered_with_the_form_and_a_sentence(reader, asked, told):
    answer = reader.get("/search/", asked)
    assert answer.status_code == 400
    text = answer.content.decode()
    assert told in text
    assert 'name="q"' in text


def test_many_answers_come_in_pages(reader, monkeypatch):
    monkeypatch.setattr("stoppress.newsroom.search.RESULTS_A_PAGE", 2)
    for n in range(3):
        story(f"Storm {n}")
    first = reader.get("/search/", {"q": "storm"}).content.decode()
    assert "/search/?q=storm&amp;page=2" in first
    second = reader.get("/search/", {"q": "storm", "page": "2"}).content.decode()
    assert '/search/?q=storm"' in second
