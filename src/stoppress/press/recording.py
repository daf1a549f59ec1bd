"""Recording: what a page depends on, found out while it is rendered.

Templates and views get data only from functions marked @reads. Such a function may query the
database and must say, with record(), which tags decide what it returned. A query outside them marks
the render "unrecorded": it is served, never stored, and fails a test.
"""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection

from stoppress.press.changes import checked_tags
from stoppress.press.errors import NothingRecorded, WriteInRender
from stoppress.press.guard import Execute, guard_raises

P = ParamSpec("P")
R = TypeVar("R")

_local = threading.local()
_QUERY = re.compile(r"\s*\(?\s*(SELECT|WITH|VALUES)\b", re.IGNORECASE)
_WRITE = re.compile(
    r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|TRUNCATE)\b", re.IGNORECASE
)


@dataclass(slots=True)
class Recording:
    """What one render depended on so far."""

    tags: set[str] = field(default_factory=set)
    unrecorded: list[str] = field(default_factory=list)
    seen: int = 0  # the last change its snapshot holds
    depth: int = 0  # how many @reads functions are running
    calls: int = 0  # how often record() was called

    def watch(
        self,
        execute: Execute,
        sql: Any,
        params: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        """Look at one statement of the render."""
        text = sql if isinstance(sql, str) else sql.as_string(None)
        if _WRITE.match(text):
            raise WriteInRender(text)
        if self.depth == 0 and _QUERY.match(text):
            self.unrecorded.append(text)
        return execute(sql, params, many, context)


def current_recording() -> Recording | None:
    """Return the recording of the render in progress in this thread."""
    return getattr(_local, "recording", None)


@contextmanager
def recording() -> Iterator[Recording]:
    """Record what the block reads. Recordings don't nest into each other: each has its own tags."""
    outer, made = current_recording(), Recording()
    _local.recording = made
    try:
        with connection.execute_wrapper(made.watch):
            yield made
    finally:
        _local.recording = outer


def record(*tags: str) -> None:
    """Say that the page being rendered depends on these tags; outside a render, do nothing."""
    made = current_recording()
    if made is not None:
        made.tags.update(checked_tags(tags))
        made.calls += 1


def reads(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a function that may query the database for a page and records what it read.

    It must return finished values: a queryset that is evaluated later counts as unrecorded.
    """

    @wraps(function)
    def reading(*args: P.args, **kwargs: P.kwargs) -> R:
        made = current_recording()
        if made is None:
            return function(*args, **kwargs)
        calls = made.calls
        made.depth += 1
        try:
            result = function(*args, **kwargs)
        finally:
            made.depth -= 1
        if made.calls == calls:
            _nothing_recorded(made, f"{function.__module__}.{function.__qualname__}")
        return result

    return reading


def _nothing_recorded(made: Recording, function: str) -> None:
    if guard_raises():
        raise NothingRecorded(function)
    made.unrecorded.append(f"{function} recorded nothing")
