"""What a check of `stoppress doctor` found, and what to do about it."""

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """How a check ended."""

    FINE = "ok"
    WARNING = "warning"
    FAULT = "fault"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, and what to do about it."""

    verdict: Verdict
    text: str
    remedy: str = ""


def fine(text: str) -> Finding:
    """Nothing to do."""
    return Finding(Verdict.FINE, text)


def fault(text: str, remedy: str) -> Finding:
    """The newsroom can't work like this."""
    return Finding(Verdict.FAULT, text, remedy)


def warning(text: str, remedy: str) -> Finding:
    """It works, but not for long or not well."""
    return Finding(Verdict.WARNING, text, remedy)
