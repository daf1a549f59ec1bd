"""Setbacks: pages that fail to print wait longer each time, raise an alarm, and block nothing."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import structlog
from django.utils import timezone

from stoppress.press.errors import FailedInCrew
from stoppress.press.models import PrintAlarm
from stoppress.press.numbers import counted

log = structlog.get_logger("press.alarms")

FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 300.0
LONGEST_REASON = 2000  # characters


@dataclass(slots=True)
class Setback:
    """A page that failed: how often, why, and when to try again (monotonic clock)."""

    tries: int
    why: str
    again_at: float


@dataclass(slots=True)
class Setbacks:
    """The failing pages of one node."""

    node: str
    pages: dict[str, Setback] = field(default_factory=dict)

    def note(self, path: str, error: Exception) -> None:
        """Count a failure and set when to try again: after 1, 2, 4 … at most 300 s."""
        known = self.pages.get(path)
        tries = known.tries + 1 if known else 1
        wait = min(FIRST_WAIT_SECONDS * 2 ** (tries - 1), LONGEST_WAIT_SECONDS)
        why = why_of(error)
        self.pages[path] = Setback(tries, why, time.monotonic() + wait)
        counted["failed"] += 1
        log.error("page failed to print", path=path, tries=tries, why=why, exc_info=error)
        self._raise_alarm(path, self.pages[path])

    def clear(self, path: str) -> None:
        """Forget a page that printed, or is no more."""
        if self.pages.pop(path, None) is not None:
            PrintAlarm.objects.filter(node=self.node, path=path).delete()

    def clear_all(self) -> None:
        """Start afresh: alarms of an earlier run are raised again if they still hold."""
        self.pages.clear()
        PrintAlarm.objects.filter(node=self.node).delete()

    def waiting(self) -> set[str]:
        """Return the pages whose next try is not due yet."""
        now = time.monotonic()
        return {path for path, setback in self.pages.items() if setback.again_at > now}

    def due(self) -> list[str]:
        """Return the pages to try again now."""
        waiting = self.waiting()
        return [path for path in self.pages if path not in waiting]

    def hurry(self, paths: Iterable[str]) -> None:
        """Try pages again at once, for what they show has changed; their count of tries stays."""
        for path in paths:
            if path in self.pages:
                self.pages[path].again_at = 0.0

    def _raise_alarm(self, path: str, setback: Setback) -> None:
        now = timezone.now()
        PrintAlarm.objects.update_or_create(
            node=self.node,
            path=path,
            defaults={"why": setback.why, "tries": setback.tries, "last_at": now},
            create_defaults={
                "why": setback.why,
                "tries": setback.tries,
                "first_at": now,
                "last_at": now,
            },
        )


def why_of(error: Exception) -> str:
    """Return what to tell the desk of an error."""
    why = str(error) if isinstance(error, FailedInCrew) else f"{type(error).__name__}: {error}"
    return why[:LONGEST_REASON]
