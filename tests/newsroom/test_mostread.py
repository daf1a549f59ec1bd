"""Most read: lists that move only with a change, and never show a story that is gone."""

import json
import re
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import fastjsonschema
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stoppress.newsroom.actions import create_section, delete, kill, move, publish, unpublish
from stoppress.newsroom.models import MostRead
from stoppress.newsroom.mostread import LONGEST, refresh
from stoppress.press import node
from stoppress.press.editions import print_page
from stoppress.press.errors import PageNotFound
from stoppress.press.models import Change
from stoppress.press.printing import Printer
from stoppress.readership.models import ArticleHour
from stoppress.readership.mostread import DAY, HOUR, WEEK
from tests.newsroom.paper import last_change, section, story, touched

NOW = datetime(2026, 3, 20, 10, 15, tzinfo=UTC)
THIS_HOUR = NOW.replace(minute=0)
PART = "/-/parts/most-read/"
API = "/-/most-read/day.json"


def read(article, views: int, hour: datetime = THIS_HOUR, **counts: int) -> None:
    ArticleHour.objects.update_or_create(
        article_id=article.pk, hour=hour, defaults={"views": views, **counts}
    )


def read_stories(count: int = 6, **fields):
    """Stories that were read, the most read first."""
    stories = [story(f"Story {n}", **fields) for n in range(count)]
    for n, one in enumerate(stories):
        read(one, 100 - n)
    refresh(DAY, NOW)
    return stories


def headlines(path: str) -> list[str]:
    data = json.loads(print_page(path).body)
    assert [entry["position"] for entry in data["stories"]] == list(
        range(1, len(data["stories"]) + 1)
    )
    return [entry["headline"] for entry in data["stories"]]


def settle() -> None:
    printer = Printer(node.store(), "node-a")
    while printer.work():
        pass


def test_the_most_read_stand_first(paper):
    read_stories(6)
    assert headlines(API) == [f"Story {n}" for n in range(6)]
    part = print_page(PART).body.decode()
    places = [part.index(f"Story {n}</a>") for n in range(5)]
    assert places == sorted(places)
    assert "Story 5" not in part


def test_equals_stand_in_one_order_the_newer_story_first(paper):
    old, new = story("Old"), story("New")
    for one in (old, new):
        read(one, 5)
    refresh(DAY, NOW)
    assert headlines(API) == ["New", "Old"]


def test_robots_staff_and_doubtful_views_lift_no_story(paper):
    quiet, loud = story("Quiet"), story("Loud")
    read(quiet, 2)
    read(loud, 1, robots=500, staff=500, doubtful=500)
    refresh(DAY, NOW)
    assert headlines(API) == ["Quiet", "Loud"]


def test_each_window_has_lists_of_its_own(paper):
    this_hour, today, this_week = story("Hour"), story("Day"), story("Week")
    read(this_hour, 10)
    read(today, 1000, THIS_HOUR - timedelta(hours=5))
    read(this_week, 100_000, THIS_HOUR - timedelta(days=3))
    for window in (HOUR, DAY, WEEK):
        refresh(window, NOW)
    assert headlines("/-/most-read/hour.json") == ["Hour"]
    assert headlines("/-/most-read/day.json") == ["Day", "Hour"]
    assert headlines("/-/most-read/week.json") == ["Week", "Day", "Hour"]


def test_a_section_has_its_own_and_those_of_sections_inside_it(paper):
    read(story("In World"), 1)
    read(story("In Islands", section="world/islands"), 2)
    read(story("In Harbour", section="harbour"), 3)
    refresh(DAY, NOW)
    assert headlines(API) == ["In Harbour", "In Islands", "In World"]
    assert headlines("/-/most-read/world/day.json") == ["In Islands", "In World"]
    assert headlines("/-/most-read/world/islands/day.json") == ["In Islands"]
    assert headlines("/-/most-read/harbour/day.json") == ["In Harbour"]


def test_a_quiet_section_is_heard_beside_a_loud_one(paper):
    for n in range(LONGEST + 2):
        read(story(f"Loud {n}", section="harbour"), 100 + n)
    read(story("Quiet"), 1)
    refresh(DAY, NOW)
    assert len(headlines(API)) == LONGEST
    assert "Quiet" not in headlines(API)
    assert headlines("/-/most-read/world/day.json") == ["Quiet"]


@pytest.mark.parametrize("take_down", [unpublish, delete, lambda one: kill(one, reason="wrong")])
def test_a_story_that_is_taken_down_is_gone_at_once(paper, take_down):
    """From part, from data, in the store as in a fresh print, before the lists are made anew."""
    stories = read_stories(6)
    settle()
    store = node.store()
    store.put_all([print_page(path) for path in (PART, API, "/-/most-read/world/day.json")])
    assert b"Story 0" in store.find(PART).body
    take_down(stories[0])
    Printer(store, "node-a").apply_changes()
    for path in (PART, API, "/-/most-read/world/day.json"):
        kept = store.find(path)
        assert kept is None or b"Story 0" not in kept.body, path
        assert b"Story 0" not in print_page(path).body
    settle()
    assert b"Story 5" in store.find(PART).body  # the next moves up


def test_a_story_that_is_gone_leaves_the_lists_for_good(paper):
    gone, *_ = read_stories(4)
    unpublish(gone)
    assert "latest" in refresh(DAY, NOW)
    assert all(gone.pk not in [entry[0] for entry in row.entries] for row in MostRead.objects.all())


def test_a_story_that_comes_back_is_shown_again(paper):
    stories = read_stories(4)
    shown = print_page(PART)
    publish(unpublish(stories[0]))
    assert touched() & shown.tags
    assert "Story 0" in print_page(PART).body.decode()


def test_a_story_that_moves_leaves_its_sections_list_at_once(paper):
    stories = read_stories(4)
    listed = print_page("/-/most-read/world/day.json")
    move(stories[0], section("harbour"))
    assert touched() & listed.tags
    assert headlines("/-/most-read/world/day.json") == ["Story 1", "Story 2", "Story 3"]
    refresh(DAY, NOW)
    assert headlines("/-/most-read/harbour/day.json") == ["Story 0"]
    assert headlines(API)[0] == "Story 0"


def test_a_section_takes_its_list_along_when_it_moves(paper):
    read_stories(3, section="world/islands")
    move(section("world/islands"), section("harbour"))
    assert headlines("/-/most-read/harbour/islands/day.json") == ["Story 0", "Story 1", "Story 2"]
    assert headlines("/-/most-read/world/day.json") == []
    moved = print_page("/-/most-read/world/islands/day.json")
    assert moved.status == 301
    assert (b"location", b"/-/most-read/harbour/islands/day.json") in moved.headers
    refresh(DAY, NOW)
    assert headlines("/-/most-read/harbour/day.json") == ["Story 0", "Story 1", "Story 2"]


def test_a_withdrawn_sections_lists_are_gone(paper):
    read_stories(3, section="harbour")
    harbour = section("harbour")
    listed = print_page("/-/most-read/harbour/day.json")
    harbour.unpublish()
    assert set(last_change().gone) & listed.tags
    assert print_page("/-/most-read/harbour/day.json").status == 410


def test_reading_that_changes_no_order_changes_no_page(paper):
    stories = read_stories(4)
    before = last_change().pk
    read(stories[0], 5000)
    assert refresh(DAY, NOW) == []
    assert last_change().pk == before
    assert Change.objects.filter(what__startswith="most read").count() == 1


def test_a_list_whose_order_changed_is_touched_alone(paper):
    stories = read_stories(3)
    read_stories(2, section="harbour")
    read(stories[2], 5000)
    world = section("world").pk
    assert refresh(DAY, NOW) == ["latest", f"section-{world}"]
    assert touched() == {"list:most-read-day:latest", f"list:most-read-day:section-{world}"}
    assert headlines(API)[0] == "Story 2"


def test_lists_end_when_nobody_reads(paper):
    read_stories(3)
    shown = print_page(PART)
    refresh(DAY, NOW + timedelta(days=3))
    assert touched() & shown.tags
    assert not MostRead.objects.exists()
    assert headlines(API) == []


def test_too_little_to_tell_is_told_by_nothing(paper):
    read_stories(2)
    assert print_page(PART).body == b""
    assert print_page(f"/-/parts/most-read-{section('world').pk}/").body == b""


def test_a_quiet_day_shows_the_week(paper):
    for n in range(4):
        read(story(f"Story {n}"), 10 - n, THIS_HOUR - timedelta(days=2 * (n > 0)))
    refresh(DAY, NOW)
    assert print_page(PART).body == b""
    refresh(WEEK, NOW)
    assert "Last seven days" in print_page(PART).body.decode()


def test_a_part_for_each_section_and_none_for_others(paper):
    read_stories(5, section="world/islands")
    part = print_page(f"/-/parts/most-read-{section('world').pk}/").body.decode()
    assert "Most read in World" in part
    assert "Story 4" in part
    for number in ("999999", "0", "01", "x", "9" * 40):
        with pytest.raises(PageNotFound):
            print_page(f"/-/parts/most-read-{number}/")


def test_pages_leave_a_hole_and_depend_on_no_list(paper):
    live = story()
    world = section("world").pk
    holes = {"/": "most-read", live.url: "most-read", "/world/": f"most-read-{world}"}
    for path, name in holes.items():
        page = print_page(path)
        assert f"<!--part:{name}-->".encode() in page.body
        assert not [tag for tag in page.tags if "most-read" in tag]


def test_what_the_data_say(paper):
    live = story("Ferry “returns” to 渡し", section="world/islands")
    read(live, 8, THIS_HOUR - timedelta(hours=6))
    read(live, 4)
    refresh(DAY, NOW)
    edition = print_page("/-/most-read/world/day.json")
    assert dict(edition.headers)[b"content-type"] == b"application/json"
    assert json.loads(edition.body) == {
        "window": "day",
        "section": {"name": "World", "url": "https://paper.example/world/"},
        "since": "2026-03-19T10:00:00Z",
        "until": "2026-03-20T10:15:00Z",
        "stories": [
            {
                "position": 1,
                "headline": "Ferry “returns” to 渡し",
                "url": f"https://paper.example{live.url}",
                "language": "en",
                "section": {"name": "Islands", "url": "https://paper.example/world/islands/"},
                "published_at": "2026-03-14T12:00:00Z",
                "score": 8.06,
                "views": 12,
            }
        ],
    }


def test_the_data_keep_to_their_schema_and_the_example_too(paper):
    text = Path("docs/reference/most-read.md").read_text(encoding="utf-8")
    example, schema = (json.loads(found) for found in re.findall(r"```json.*\n([^`]+)```", text))
    validate = fastjsonschema.compile(schema)
    validate(example)
    answers = [json.loads(print_page(API).body)]
    read_stories(3, section="world/islands")
    answers += [json.loads(print_page(path).body) for path in (API, "/-/most-read/world/day.json")]
    for answer in answers:
        validate(answer)
        assert answer.keys() == example.keys() == set(schema["required"])
        for entry in answer["stories"]:
            assert entry.keys() == example["stories"][0].keys()


@pytest.mark.parametrize("path", ["month.json", "nowhere/day.json", "day.xml", "world/islands/"])
def test_there_is_no_other_list(paper, path):
    with pytest.raises(PageNotFound):
        print_page(f"/-/most-read/{path}")


def test_queries_are_the_same_however_much_is_read(paper):
    def cost(act) -> int:
        with CaptureQueriesContext(connection) as asked:
            act()
        return len(asked)

    read_stories(3)
    moment = iter(NOW + timedelta(minutes=n) for n in range(9))
    pages = [PART, API]
    few = [cost(partial(print_page, path)) for path in pages]
    idle = cost(lambda: refresh(DAY, next(moment)))
    for n in range(4):
        create_section(f"Quarter {n}")
        for m in range(3):
            read(story(f"More {n}.{m}", section=f"quarter-{n}"), 200 + n + m)
    busy = cost(lambda: refresh(DAY, next(moment)))
    for n in range(12):
        read(story(f"Yet more {n}", section=f"quarter-{n % 4}"), 400 + n)
    assert cost(lambda: refresh(DAY, next(moment))) <= busy
    assert cost(lambda: refresh(DAY, next(moment))) <= idle
    assert [cost(partial(print_page, path)) for path in pages] <= few
