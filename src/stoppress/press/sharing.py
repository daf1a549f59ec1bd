"""Shared reads: what one render of a snapshot has read, the next need not ask again.

A snapshot shows one state of the database, so the same question has the same answer in all renders
of a batch. Two decorators keep answers for as long as the snapshot lasts:

    @rows_once                       rows by key: those not yet held are loaded together
    def byline_rows(article_ids): ...

    @reads_once                      a whole answer, with the tags that its reading recorded
    def read_tree(): ...

Rows carry no tags: the @reads function that takes them records what it depends on, in every render.
A kept answer records its tags again in each render that is given it. So a render's tags are those
it would have alone. What is kept is never changed: it must be immutable all through, which tests
check. Outside a snapshot nothing is kept.
"""

import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from stoppress.press.errors import SharedAnswerChangeable
from stoppress.press.guard import guard_raises
from stoppress.press.recording import Recording, current_recording, reads, record

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
P = ParamSpec("P")
R = TypeVar("R")

_local = threading.local()
_MISSING: Any = object()
_PLAIN = (str, bytes, int, float, bool, date, type(None))


@dataclass(slots=True)
class Memory:
    """What was read in one snapshot."""

    rows: dict[Any, dict[Any, Any]] = field(default_factory=dict)  # per function, by key
    answers: dict[Any, tuple[Any, frozenset[str]]] = field(default_factory=dict)


@contextmanager
def shared_reads() -> Iterator[None]:
    """Keep what is read in the block; snapshots open it."""
    outer = _memory()
    _local.memory = Memory()
    try:
        yield
    finally:
        _local.memory = outer


def rows_once(load: Callable[[list[K]], Mapping[K, V]]) -> Callable[[Iterable[K]], dict[K, V]]:
    """Mark a function that loads rows by key, so that each key is asked once in a snapshot.

    It gets the keys that nobody asked for yet and returns what it found of them. To be called
    within @reads functions, which record the tags.
    """

    @wraps(load)
    def take(keys: Iterable[K]) -> dict[K, V]:
        _note_if_unrecorded(load)
        wanted = list(dict.fromkeys(keys))
        memory = _memory()
        if memory is None:
            return dict(load(wanted)) if wanted else {}
        held = memory.rows.setdefault(load, {})
        if missing := [key for key in wanted if key not in held]:
            found = _checked(load, load(missing))
            held.update((key, found.get(key, _MISSING)) for key in missing)
        return {key: held[key] for key in wanted if held[key] is not _MISSING}

    return take


def reads_once(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a @reads function whose answer is kept, with its tags, for the rest of the snapshot.

    Its arguments must be hashable.
    """
    reading = reads(function)

    @wraps(function)
    def once(*args: P.args, **kwargs: P.kwargs) -> R:
        memory, made = _memory(), current_recording()
        if memory is None or made is None:
            return reading(*args, **kwargs)
        key = (function, args, tuple(sorted(kwargs.items())))
        if key not in memory.answers:
            faults = len(made.unrecorded)
            with _tags_apart(made) as tags:
                answer = reading(*args, **kwargs)
            if len(made.unrecorded) > faults:
                return answer
            memory.answers[key] = _checked(function, answer), frozenset(tags)
        kept, decided_by = memory.answers[key]
        record(*decided_by)
        return kept  # type: ignore[no-any-return]

    return once


def refuse_changeable(value: Any) -> None:
    """Raise TypeError for the first thing inside a value that could be changed."""
    if isinstance(value, _PLAIN):
        return
    if isinstance(value, tuple | frozenset):
        inner: Iterable[Any] = value
    elif isinstance(value, Mapping) and not isinstance(value, MutableMapping):
        inner = (*value.keys(), *value.values())
    elif is_dataclass(value) and getattr(type(value), "__dataclass_params__").frozen:  # noqa: B009
        inner = (getattr(value, one.name) for one in fields(value))
    else:
        raise TypeError(type(value).__name__)
    for one in inner:
        refuse_changeable(one)


def _memory() -> Memory | None:
    return getattr(_local, "memory", None)


@contextmanager
def _tags_apart(made: Recording) -> Iterator[set[str]]:
    outer, made.tags = made.tags, set()
    try:
        yield made.tags
    finally:
        outer |= made.tags
        made.tags = outer


def _note_if_unrecorded(load: Callable[..., Any]) -> None:
    """Rows that are at hand ask no query, which would hide that nobody recorded them."""
    made = current_recording()
    if made is not None and made.depth == 0:
        made.unrecorded.append(f"{load.__module__}.{load.__qualname__} outside @reads")


def _checked(function: Callable[..., Any], answer: R) -> R:
    if guard_raises():
        try:
            for value in answer.values() if isinstance(answer, dict) else (answer,):
                refuse_changeable(value)
        except TypeError as found:
            raise SharedAnswerChangeable(function.__qualname__, str(found)) from None
    return answer
