"""Robots: what is told apart, and that real browsers are not."""

from __future__ import annotations

import re
import re._constants as sre
import re._parser as parser
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts import write_robots
from stoppress.edge import agents, robotrules
from stoppress.edge.robots import is_robot

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
CHROME = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/141.0.0.0 Safari/537.36"
LINUX = f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} Chrome/141.0.0.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:144.0) Gecko/20100101 Firefox/144.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko)"
)
SENT = {b"accept-language": b"en", b"sec-fetch-site": b"same-origin"}
LISTS = Path(agents.__file__).with_name("robots.tsv")


def _fixture(name: str) -> list[str]:
    text = (Path(__file__).parent / "fixtures" / name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def headers(agent: str, **more: str) -> dict[bytes, bytes]:
    extra = {name.replace("_", "-").encode(): value.encode() for name, value in more.items()}
    return {b"user-agent": agent.encode("utf-8")} | SENT | extra


@pytest.mark.parametrize("agent", _fixture("browsers.txt"))
def test_a_browser_is_a_reader(agent: str) -> None:
    assert not is_robot(headers(agent), is_secure=True)


@pytest.mark.parametrize("agent", ["", " ", *_fixture("robots.txt")])
def test_what_says_that_it_is_a_robot_is_believed(agent: str) -> None:
    assert is_robot(headers(agent), is_secure=True)


@pytest.mark.parametrize(
    "agent",
    [
        CHROME.replace("141.0", "9999.0"),
        CHROME.replace("Windows NT 10.0", "Windows NT 11.0"),
        "Mozilla/5.0 (Windows NT 10.0; Trident/7.0; rv:11.0) like Gecko Chrome/140.0.0.0",
        LINUX.replace("X11; Linux", "X11; Windows"),
        CHROME.replace("Windows NT 10.0", "iPhone; Windows NT 10.0"),
        CHROME + " " * 700,
    ],
)
def test_a_browser_that_cannot_be_is_a_robot(agent: str) -> None:
    assert is_robot(headers(agent), is_secure=False)


def test_a_browser_always_sends_a_language() -> None:
    sent = headers(CHROME)
    del sent[b"accept-language"]
    assert is_robot(sent, is_secure=True)


def test_a_recent_browser_sends_fetch_metadata_to_secure_sites_only() -> None:
    sent = headers(CHROME)
    del sent[b"sec-fetch-site"]
    assert is_robot(sent, is_secure=True)
    assert not is_robot(sent, is_secure=False)


def test_an_old_browser_sends_no_fetch_metadata() -> None:
    sent = headers(CHROME.replace("141.0", "66.0"))
    del sent[b"sec-fetch-site"]
    assert not is_robot(sent, is_secure=True)


@pytest.mark.parametrize(
    ("agent", "brands", "platform", "robot"),
    [
        (CHROME, '"Chromium";v="141", "Not?A_Brand";v="8"', '"Windows"', False),
        (LINUX, '"Chromium";v="141", "Not?A_Brand";v="8"', '"Chrome OS"', False),
        (LINUX, '"Chromium";v="141", "Not?A_Brand";v="8"', '"Android"', False),  # desktop site
        (FIREFOX, '"Chromium";v="141"', '"macOS"', False),  # a reader who disguises the browser
        (CHROME, '"HeadlessChrome";v="141", "Chromium";v="141"', '"Windows"', True),
        (CHROME, '"Chromium";v="118", "Not?A_Brand";v="8"', '"Windows"', True),
        (LINUX, '"Chromium";v="141"', '"Windows"', True),
        (CHROME, '"Chromium";v="141"', '"macOS"', True),
    ],
)
def test_hints_agree_with_a_browsers_agent(
    agent: str, brands: str, platform: str, robot: bool
) -> None:
    sent = headers(agent, sec_ch_ua=brands, sec_ch_ua_platform=platform)
    assert is_robot(sent, is_secure=True) is robot


def test_browsers_of_years_to_come_are_readers() -> None:
    """Chrome and Firefox bring a version each two weeks at most; the margin never gets smaller."""
    first = date(2026, 9, 8)
    for weeks in range(0, 52 * 20, 4):
        assert robotrules.highest_major(first + timedelta(weeks=weeks)) >= 153 + weeks / 2 + 20


def test_a_clock_that_stands_at_its_beginning_misjudges_nobody() -> None:
    assert robotrules.highest_major(date(1970, 1, 1)) >= 160


@pytest.mark.parametrize(
    "agent",
    ["ADmantX Platform Semantic", "Mozilla/5.0 AddThis", f"{FIREFOX[:-14]} AHC/2.1", "heritrix"],
)
def test_what_a_list_names_is_found(agent: str) -> None:
    assert agents.listed(agent) or robotrules.says_so(agent)


def test_names_with_no_mark_but_a_place_on_a_list_are_found() -> None:
    """Each text of the lists is found within a browser's agent, whatever stands around it."""
    names = [
        line.split("\t")[1] for line in LISTS.read_text("utf-8").splitlines() if "text\t" in line
    ]
    assert len(names) > 500
    assert [name for name in names if not agents.listed(f"{IPHONE} {name}")] == []


def test_an_agent_that_might_be_any_of_many_robots_is_one() -> None:
    """Each start of a listed name costs a look at those names: no browser has more than nine."""
    starts = ["http", "pyth", "face", "drea", "goog", "elis", "prim", "page", "fuel", "prer"]
    assert not agents.is_robots(f"{IPHONE} {' '.join(starts)}")
    assert agents.is_robots(f"{IPHONE} {' '.join([*starts, 'link'])}")


def test_the_lists_in_the_package_are_those_that_are_pinned() -> None:
    assert LISTS.read_text("utf-8") == write_robots.table()


@settings(max_examples=150, deadline=None)
@given(
    agent=st.one_of(
        st.binary(max_size=9000),
        st.lists(
            st.sampled_from(
                [CHROME, FIREFOX, "bot", "compatible;", "(", "like Gecko", "@", "x" * 99]
            ),
            max_size=80,
        ).map(lambda parts: "".join(parts).encode()),
    ),
    brands=st.binary(max_size=2000),
    platform=st.binary(max_size=100),
)
def test_hostile_headers_get_a_verdict(agent: bytes, brands: bytes, platform: bytes) -> None:
    sent = {b"user-agent": agent, b"sec-ch-ua": brands, b"sec-ch-ua-platform": platform} | SENT
    assert is_robot(sent, is_secure=True) in (True, False)
    if len(agent) > robotrules.MAX_LENGTH:
        assert is_robot(sent, is_secure=True)


def _expressions() -> list[str]:
    lines = (line.partition("\t") for line in LISTS.read_text("utf-8").splitlines())
    listed = [value for kind, _, value in lines if kind in ("head", "start", "anywhere")]
    ours = [rule.pattern for rule in vars(robotrules).values() if isinstance(rule, re.Pattern)]
    return [*listed, *ours, *robotrules.WORDS]


def _repeats(parsed: Iterable[tuple[Any, Any]]) -> Iterable[tuple[Any, Any]]:
    """Each repetition in an expression: its upper bound and what it repeats."""
    for operation, argument in parsed:
        if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            yield argument[1], argument[2]
            yield from _repeats(argument[2])
        elif operation is sre.BRANCH:
            for branch in argument[1]:
                yield from _repeats(branch)
        elif operation is sre.SUBPATTERN:
            yield from _repeats(argument[3])
        elif operation in (sre.ASSERT, sre.ASSERT_NOT):
            yield from _repeats(argument[1])


@pytest.mark.parametrize("expression", _expressions())
def test_no_expression_takes_more_than_bounded_steps(expression: str) -> None:
    """Nothing repeats within a repeat, and nothing that can be anything repeats without end."""
    for most, repeated in _repeats(parser.parse(expression)):
        assert most <= 1 or not [inner for inner, _ in _repeats(repeated) if inner > 1]
        assert most <= 200 or [part[0] for part in repeated] != [sre.ANY]


def test_the_memo_is_bounded() -> None:
    for number in range(6000):
        agents.is_robots(f"{FIREFOX} {number}")
    assert agents.memo_size() <= agents.MEMO_AGENTS
