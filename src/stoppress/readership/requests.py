"""What became of the page requests in an access log, by the rules of counting.

A reader is an address with an agent. Requests of one article by one reader less than half a minute
apart are a *showing*, as repeats of a view are one view. A showing was seen if a report of it came
(POST /-/reads, with the article's page as its referrer); a script sends it after one second.
Everything is noted by the hours it happened in, since which hours are compared is known at the end.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import urlsplit

from stoppress.edge.agents import is_robots
from stoppress.edge.counting import REPEAT_SECONDS
from stoppress.edge.errors import BadTarget
from stoppress.edge.targets import decode_path
from stoppress.readership.accesslog import Request

HOUR_SECONDS = 3600
WAIT_SECONDS = 3600  # for a report of a showing: at least so long, at most twice
REMEMBERED_PATHS = 65_536
REPORTS = "/-/reads"
PAGE_STATUS = frozenset(
    {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}
)  # 304: the reader has it already, and sees it

_STORY = re.compile(r"/.+/\d{4}/\d\d/\d\d/[^/]+/")  # else the database need not be asked
_REDIRECTS = range(300, 400)

FindArticle = Callable[[str], int | None]


class Fate(Enum):
    """What became of a request of an article's page."""

    METHOD = "not a reader's request (HEAD, POST, …)"
    REDIRECT = "led to another address"
    ERROR = "refused or failed (status 4xx, 5xx, 206)"
    ROBOT = "robots, by their agent"
    AHEAD = "fetched ahead, never shown"
    REPEAT = "repeats in less than 30 seconds"
    NOT_SEEN = "not seen: left within a second, or without JavaScript"
    REFUSED = "reported and refused"
    LOST = "reported, but the journal could not be written"


class Other(Enum):
    """What else was asked for."""

    REPORTS = "reports of reading"
    PARTS = "parts, live updates and data"
    FILES = "styles, scripts and pictures"
    PRIVATE = "desk, search and accounts"
    PAGES = "pages that are no articles"


_PREFIXES = (
    ("/-/", Other.PARTS),
    ("/static/", Other.FILES),
    ("/media/", Other.FILES),
    ("/desk/", Other.PRIVATE),
    ("/search/", Other.PRIVATE),
    ("/account/", Other.PRIVATE),
)


@dataclass(slots=True)
class _Showing:
    article: int
    hour: int  # of its first request
    last: float  # its last request
    is_robot: bool
    is_ahead: bool
    fate: Fate | None = Fate.NOT_SEEN  # None: a report of it was taken
    reported: float = 0.0  # the last report of it


class Requests:
    """Takes the lines of a log in their order, and notes what became of them, by hour."""

    def __init__(self, find_article: FindArticle) -> None:
        self.other: Counter[tuple[int, Other]] = Counter()  # hour, what
        self.pages: Counter[tuple[int, int]] = Counter()  # article, hour: all requests
        self.fates: Counter[tuple[int, int, Fate]] = Counter()  # article, hour, fate
        self.seen: Counter[tuple[int, int, int]] = Counter()  # article, hours of request and report
        self.robots_seen: Counter[tuple[int, int]] = Counter()  # article, hour of the report
        self.again: Counter[tuple[int, int]] = (
            Counter()
        )  # reports that may be a view without request
        self.unplaced: Counter[int] = Counter()  # hour: reports that name no article's page
        self._find = lru_cache(REMEMBERED_PATHS)(find_article)
        self._young: dict[int, _Showing] = {}
        self._old: dict[int, _Showing] = {}
        self._turned_at = 0.0

    def take(self, request: Request) -> None:
        """Note one request."""
        if request.at >= self._turned_at + WAIT_SECONDS:
            self._turn(request.at)
        path = _path_of(request.target)
        if path == REPORTS:
            self.other[_hour(request.at), Other.REPORTS] += 1
            self._take_report(request)
        elif (article := self._article_at(path)) is not None:
            self._take_page(request, article)
        else:
            self.other[_hour(request.at), _kind_of(path)] += 1

    def end(self) -> None:
        """The log is at its end: what was not reported by now was not seen."""
        for showing in (*self._old.values(), *self._young.values()):
            self._finish(showing)
        self._old, self._young = {}, {}

    def _take_page(self, request: Request, article: int) -> None:
        hour = _hour(request.at)
        self.pages[article, hour] += 1
        fate = _fate_by_itself(request)
        is_robot = fate is None and is_robots(request.agent)
        if is_robot:
            fate = Fate.ROBOT
        if fate is not None:
            self.fates[article, hour, fate] += 1
            if not is_robot:
                return
        key = hash((request.address, request.agent, article))
        showing = self._known(key)
        if showing is not None and abs(request.at - showing.last) < REPEAT_SECONDS:
            showing.last = max(showing.last, request.at)
            showing.is_ahead = showing.is_ahead and request.is_ahead
            if not is_robot:
                self.fates[article, hour, Fate.REPEAT] += 1
            return
        if showing is not None:
            self._finish(showing)
        self._young[key] = _Showing(article, hour, request.at, is_robot, request.is_ahead)

    def _take_report(self, request: Request) -> None:
        article = self._article_at(_path_of(request.referrer))
        if article is None or request.method != "POST":
            self.unplaced[_hour(request.at)] += 1
            return
        showing = self._known(hash((request.address, request.agent, article)))
        is_taken = request.status == HTTPStatus.OK
        if showing is None:
            if is_taken:
                counted = self.robots_seen if is_robots(request.agent) else self.again
                counted[article, _hour(request.at)] += 1
        elif is_taken:
            self._note_seen(showing, request.at)
        elif showing.fate is not None:
            is_lost = request.status >= HTTPStatus.INTERNAL_SERVER_ERROR
            showing.fate = Fate.LOST if is_lost else Fate.REFUSED

    def _note_seen(self, showing: _Showing, at: float) -> None:
        article, hour = showing.article, _hour(at)
        if showing.fate is not None:
            if showing.is_robot:
                self.robots_seen[article, hour] += 1
            else:
                self.seen[article, showing.hour, hour] += 1
        elif at - showing.reported >= REPEAT_SECONDS and not showing.is_robot:
            self.again[article, hour] += 1
        showing.fate, showing.reported = None, at

    def _finish(self, showing: _Showing) -> None:
        if showing.fate is None or showing.is_robot:
            return
        not_seen = showing.fate is Fate.NOT_SEEN
        fate = Fate.AHEAD if showing.is_ahead and not_seen else showing.fate
        self.fates[showing.article, showing.hour, fate] += 1

    def _known(self, key: int) -> _Showing | None:
        showing = self._young.get(key)
        if showing is None and (showing := self._old.pop(key, None)) is not None:
            self._young[key] = showing
        return showing

    def _turn(self, at: float) -> None:
        """Let go of what waited for long: a log of days must not be held."""
        for showing in self._old.values():
            self._finish(showing)
        self._old, self._young = self._young, {}
        self._turned_at = at

    def _article_at(self, path: str) -> int | None:
        return self._find(path) if _STORY.fullmatch(path) else None


def _fate_by_itself(request: Request) -> Fate | None:
    if request.method != "GET":
        return Fate.METHOD
    if request.status in PAGE_STATUS:
        return None
    return Fate.REDIRECT if request.status in _REDIRECTS else Fate.ERROR


def _kind_of(path: str) -> Other:
    return next((kind for prefix, kind in _PREFIXES if path.startswith(prefix)), Other.PAGES)


@lru_cache(REMEMBERED_PATHS)
def _path_of(target: str) -> str:
    """The path of a target or an address, decoded; empty if there is none."""
    try:
        path = target.partition("?")[0] if target.startswith("/") else urlsplit(target).path
        return decode_path(path.encode("utf-8", "surrogateescape"))
    except (ValueError, BadTarget):
        return ""


def _hour(at: float) -> int:
    return int(at) // HOUR_SECONDS * HOUR_SECONDS
