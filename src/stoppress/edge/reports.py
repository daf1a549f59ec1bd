"""Reports of reading as pages send them: JSON of a known version, with known fields only."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, NamedTuple

from stoppress.edge.errors import EdgeError
from stoppress.edge.views import SITE

VERSION = 2
MAX_BODY_BYTES = 1024
LARGEST_NUMBER = 2**63 - 1
LONGEST_STAY_SECONDS = 86_400
MEMO_DOMAINS = 1024  # readers of a day come from some hundreds

_decode = json.JSONDecoder().decode  # of UTF-8 only, as RFC 8259 asks
_VISIT = re.compile(r"[0-9a-f]{16}")
_DOMAIN = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+")
# A view letter by letter as our pages send it: read in half the time that JSON takes.
_AS_SENT = re.compile(
    rb'\{"version":%d,"article":([1-9][0-9]{0,17}),"visit":"([0-9a-f]{16})",'
    rb'"referrer":"([a-z0-9_.-]{0,253})"\}' % VERSION
)
_OF_A_VIEW = {"version", "article", "visit", "referrer"}
_OF_A_STAY = {"version", "article", "visit", "engaged", "depth"}


class BadReport(EdgeError):
    """A body that is no report we know."""

    def __init__(self, why: str, status: int = 400) -> None:
        super().__init__(why)
        self.status = status


class SeenReport(NamedTuple):
    """The page was shown: a view, unless a rule says otherwise."""

    article: int
    visit: int
    referrer: str  # a domain, or empty


class StayReport(NamedTuple):
    """How far a visit has come."""

    article: int
    visit: int
    engaged_seconds: int
    depth_percent: int


def parse(body: bytes | None) -> SeenReport | StayReport:
    """Read a body of `/-/reads`. Raises BadReport."""
    if body is None:
        raise BadReport(f"A report has at most {MAX_BODY_BYTES} bytes.", 413)
    if sent := _AS_SENT.fullmatch(body):
        article, visit, referrer = sent.groups()
        if number := int(visit, 16):
            return SeenReport(int(article), number, _domain(referrer.decode()))
    try:
        report = _decode(body.decode())
    except (ValueError, RecursionError) as error:
        raise BadReport("The report is not JSON.") from error
    if not isinstance(report, dict) or report.get("version") != VERSION:
        raise BadReport(f"The report is not of version {VERSION}.")
    if report.keys() <= _OF_A_VIEW:
        return SeenReport(_article(report), _visit(report), _referrer(report))
    if report.keys() == _OF_A_STAY:
        return StayReport(
            _article(report),
            _visit(report),
            _number(report, "engaged", LONGEST_STAY_SECONDS),
            _number(report, "depth", 100),
        )
    raise BadReport("The report has fields that no page of ours sends.")


def _article(report: dict[str, Any]) -> int:
    article = report.get("article")
    if type(article) is not int or not SITE < article <= LARGEST_NUMBER:
        raise BadReport("The report names no article by its number.")
    return article


def _visit(report: dict[str, Any]) -> int:
    visit = report.get("visit")
    number = int(visit, 16) if isinstance(visit, str) and _VISIT.fullmatch(visit) else 0
    if not number:
        raise BadReport("The report names no visit: sixteen hexadecimal digits, drawn at random.")
    return number


def _referrer(report: dict[str, Any]) -> str:
    """The domain a reader came from. What is none is dropped: the view is one all the same."""
    referrer = report.get("referrer", "")
    if not isinstance(referrer, str):
        raise BadReport("The referrer is not a domain.")
    return _domain(referrer)


@lru_cache(MEMO_DOMAINS)
def _domain(referrer: str) -> str:
    domain = referrer.lower().removeprefix("www.")
    return domain if _DOMAIN.fullmatch(domain) else ""


def _number(report: dict[str, Any], name: str, most: int) -> int:
    number = report[name]
    if type(number) is not int or not 0 <= number <= most:
        raise BadReport(f'"{name}" is a whole number from 0 to {most}.')
    return number
