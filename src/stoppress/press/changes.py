"""Changes: what happened to readers' pages, written in the transaction that did it.

Every write that readers can see happens inside `changing()`. The outermost block is one database
transaction; at its end one row says which tags changed. Blocks inside join it: if one fails and the
failure is caught, its writes and its tags are both taken back.
"""

import re
import secrets
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog
from django.db import connection, models, transaction
from django.utils import timezone

from stoppress.press.errors import BadPath, BadTag, UntoldWrite
from stoppress.press.models import Change

log = structlog.get_logger("press.changes")

ALL = "epoch:all"  # carried by every edition
REFERENCE_BYTES = 6
_TAG = re.compile(r"[a-z][a-z-]*:[^\s]{1,180}")
_local = threading.local()


def checked_tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    """Return the tags, or raise BadTag for the first that is none."""
    for tag in tags:
        if not _TAG.fullmatch(tag):
            raise BadTag(tag)
    return tags


LastAct = Callable[[Collection[int]], object]


@dataclass(slots=True)
class Draft:
    """A change in the making.

    Its reference is known before its number, which is drawn at the commit: whoever writes the
    change can say already where its receipt will be.
    """

    what: str
    reference: str = field(default_factory=lambda: secrets.token_hex(REFERENCE_BYTES))
    touched: set[str] = field(default_factory=set)
    hard: set[str] = field(default_factory=set)
    first: list[str] = field(default_factory=list)
    wrote: set[str] = field(default_factory=set)  # watched tables, noted by the guard
    last: dict[LastAct, set[int]] = field(default_factory=dict)  # what is done at the end, and for
    is_abandoned: bool = False
    row_id: int | None = None

    def touch(self, *tags: str) -> None:
        """Say that editions with these tags must be printed again; the old ones serve till then."""
        self.touched.update(checked_tags(tags))

    def gone(self, *tags: str) -> None:
        """Say that editions with these tags must not be served again, from this moment."""
        self.hard.update(checked_tags(tags))

    def print_first(self, *paths: str) -> None:
        """Name pages to print in this change's switch, also if they were never printed yet."""
        for path in paths:
            if not path.startswith("/") or path.startswith("//"):
                raise BadPath(path)
            if path not in self.first:
                self.first.append(path)

    def unseen(self, *written: type[models.Model]) -> None:
        """Say that what was written to these models so far is not shown to readers (a draft)."""
        self.wrote.difference_update(model._meta.db_table for model in written)

    def at_end(self, act: LastAct, *ids: int) -> None:
        """Have `act` called once, with all ids that were given for it, before the change ends."""
        self.last.setdefault(act, set()).update(ids)

    def abandon(self) -> None:
        """Take the whole change back at the end of its outermost block, without an error."""
        self.is_abandoned = True

    @property
    def number(self) -> int | None:
        """The change's number once it is committed; None before, or if nothing was touched."""
        if self.row_id is None:
            return None
        return Change.objects.values_list("number", flat=True).get(pk=self.row_id)


def current_change() -> Draft | None:
    """Return the change that is being made in this thread."""
    return getattr(_local, "draft", None)


@contextmanager
def changing(what: str) -> Iterator[Draft]:
    """Run a block as one change: one transaction, and one row in the log if it touched a tag.

    `what` tells a person what is being done, as in "publish article 7". Raises UntoldWrite in tests
    if a watched table was written and no tag touched; production touches everything then.
    """
    draft = current_change()
    if draft is not None:
        with _joined(draft, what):
            yield draft
        return
    draft = Draft(what)
    with transaction.atomic():
        _local.draft = draft
        try:
            yield draft
            if not draft.is_abandoned:
                _do_last(draft)
        finally:
            _local.draft = None
        if draft.is_abandoned:
            transaction.set_rollback(True)
        else:
            _write(draft)


def _do_last(draft: Draft) -> None:
    while draft.last:
        act, ids = draft.last.popitem()
        act(ids)


@contextmanager
def _joined(draft: Draft, what: str) -> Iterator[None]:
    touched, hard, wrote = set(draft.touched), set(draft.hard), set(draft.wrote)
    first, before = list(draft.first), draft.what
    last = {act: set(ids) for act, ids in draft.last.items()}
    if what not in draft.what:
        draft.what = f"{draft.what}; {what}"[:500]
    try:
        with transaction.atomic():
            yield
    except BaseException:
        draft.touched, draft.hard, draft.wrote = touched, hard, wrote
        draft.first, draft.what, draft.last = first, before, last
        raise


def _write(draft: Draft) -> None:
    from stoppress.press.guard import guard_raises  # the guard needs changes to know of drafts

    if draft.wrote and not draft.touched and not draft.hard:
        if guard_raises():
            raise UntoldWrite(draft.what, frozenset(draft.wrote))
        draft.touched.add(ALL)
    if draft.touched or draft.hard or draft.first:
        draft.row_id = write_row(
            draft.what, draft.touched, draft.hard, draft.first, reference=draft.reference
        )
        log.info(
            "change written",
            reference=draft.reference,
            what=draft.what,
            touched=len(draft.touched),
            gone=len(draft.hard),
        )


def write_row(
    what: str,
    touched: set[str],
    gone: set[str] | None = None,
    first: list[str] | None = None,
    *,
    reference: str | None = None,
) -> int:
    """Insert one row of the log into the open transaction and return its id."""
    row = Change.objects.create(
        written_at=timezone.now(),
        what=what,
        reference=reference,
        touched=sorted(touched),
        gone=sorted(gone or ()),
        first=first or [],
    )
    if connection.vendor == "sqlite":  # the writer is alone, so ids are in the order of commits
        Change.objects.filter(pk=row.pk).update(number=row.pk)
    return row.pk


def newest_change() -> int:
    """Return the highest number in the log that this connection can see, or 0."""
    return Change.objects.aggregate(newest=models.Max("number"))["newest"] or 0
