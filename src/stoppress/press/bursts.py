"""Bursts: pending changes that are applied to a store as one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from stoppress.edge.editions import EPOCH_PREFIX
from stoppress.press.models import Change

LONGEST = 1000  # changes


@dataclass(frozen=True, slots=True)
class Burst:
    """What some changes in a row say, taken together."""

    changes: tuple[Change, ...]

    @property
    def last(self) -> Change:
        """The change at which a store is that has applied it."""
        return self.changes[-1]

    @property
    def number(self) -> int:
        """The number of the last change."""
        return number_of(self.last)

    @property
    def oldest(self) -> datetime:
        """When the first of its changes was written."""
        return self.changes[0].written_at

    @property
    def touched(self) -> set[str]:
        """The tags whose editions are to be printed again."""
        return {tag for change in self.changes for tag in change.touched}

    @property
    def gone(self) -> set[str]:
        """The tags whose editions must not be served again."""
        return {tag for change in self.changes for tag in change.gone}

    @property
    def named(self) -> list[str]:
        """The pages that its changes ask for, each once."""
        return list(dict.fromkeys(path for change in self.changes for path in change.first))


def pending(applied: int) -> Iterator[Burst]:
    """Return the bursts to apply above a change: up to the last takedown that waits, or one.

    A takedown is not made to wait for what stands before it: all that do are handed over, so that
    they can be applied without printing.
    """
    above = Change.objects.filter(number__gt=applied).order_by("number")
    takedowns = above.exclude(gone=[]).order_by("-number")
    last_takedown = None  # not asked for while one burst holds all there is
    while changes := tuple(above.filter(number__gt=applied)[:LONGEST]):
        yield Burst(changes)
        if len(changes) < LONGEST:
            return
        if last_takedown is None:
            last_takedown = takedowns.values_list("number", flat=True).first() or 0
        applied = number_of(changes[-1])
        if applied >= last_takedown:
            return


def number_of(change: Change) -> int:
    """Return a change's number."""
    if change.number is None:  # the log is only read by number
        raise ValueError(change.pk)
    return change.number


def indexed(tags: Iterable[str]) -> list[str]:
    """Return the tags that a store can look up: all but epochs."""
    return [tag for tag in tags if not tag.startswith(EPOCH_PREFIX)]
