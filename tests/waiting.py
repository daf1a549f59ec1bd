"""Waiting for a condition, bounded."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
POLL_SECONDS = 0.02


def until(condition: Callable[[], T], what: str, *, seconds: float = 20) -> T:
    """Ask until the answer is true, and return it; fail, saying what was waited for, in time."""
    ends_at = time.monotonic() + seconds
    pause = threading.Event()
    while not (answer := condition()):
        assert time.monotonic() < ends_at, f"waited {seconds} s in vain for: {what}"
        pause.wait(POLL_SECONDS)
    return answer
