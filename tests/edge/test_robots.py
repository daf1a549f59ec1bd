"""Robots: what is told apart, and that real browsers are not."""

from __future__ import annotations

import pytest

from stoppress.edge.robots import is_robot

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
BROWSERS = [
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/141.0.0.0 Safari/537.36",
    f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Chrome/141.0.0.0 Mobile Safari/537.36",
    f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:144.0) Gecko/20100101 Firefox/144.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
]
ROBOTS = [
    "",
    "Mozilla/5.0",
    "curl/8.5.0",
    "python-requests/2.32",
    "Go-http-client/2.0",
    "Mozilla/5.0 (compatible; Examplebot/2.1; +http://www.example.com/bot.html)",
    f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} HeadlessChrome/141.0.0.0 Safari/537.36",
    "ExampleCrawler/1.0",
    "SomeFeedFetcher/3.2",
    "facebookexternalhit/1.1",
]
SENT = {b"accept-language": b"en", b"sec-fetch-site": b"same-origin"}


def headers(agent: str, **without: bool) -> dict[bytes, bytes]:
    return {b"user-agent": agent.encode()} | SENT


@pytest.mark.parametrize("agent", BROWSERS)
def test_a_browser_is_a_reader(agent: str) -> None:
    assert not is_robot(headers(agent), is_secure=True)


@pytest.mark.parametrize("agent", ROBOTS)
def test_what_says_that_it_is_a_robot_is_believed(agent: str) -> None:
    assert is_robot(headers(agent), is_secure=True)


def test_a_browser_always_sends_a_language() -> None:
    sent = headers(BROWSERS[0])
    del sent[b"accept-language"]
    assert is_robot(sent, is_secure=True)


def test_a_recent_browser_sends_fetch_metadata_to_secure_sites_only() -> None:
    sent = headers(BROWSERS[0])
    del sent[b"sec-fetch-site"]
    assert is_robot(sent, is_secure=True)
    assert not is_robot(sent, is_secure=False)
