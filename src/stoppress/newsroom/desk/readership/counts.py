"""What is told of counts: views, readers, engaged time, depth, and what was counted apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from stoppress.edge.views import COUNTED, Counts

SUMS: Mapping[str, Sum] = {f"all_{name}": Sum(name) for name in COUNTED}


def summed(row: Mapping[str, Any]) -> Counts:
    """Counts from a query's `SUMS`."""
    return Counts(**{name: row[f"all_{name}"] or 0 for name in COUNTED})


def add(one: Counts, other: Counts) -> Counts:
    """Both together."""
    return Counts(*(a + b for a, b in zip(one, other, strict=True)))


@dataclass(frozen=True, slots=True)
class Told:
    """Counts as they are told; what was taken back since may leave a slot below zero."""

    counts: Counts

    @property
    def views(self) -> int:
        """Readers' views."""
        return max(0, self.counts.views)

    @property
    def readers(self) -> int:
        """Distinct readers, each once a day."""
        return max(0, self.counts.readers)

    @property
    def engaged_seconds(self) -> float | None:
        """Engaged time of a view, on average; views that tell nothing have none."""
        return round(self.counts.engaged_seconds / self.views, 1) if self.views else None

    def depth_percent(self, name: str) -> float | None:
        """The share of views that got to a depth, such as `read_half`."""
        if not self.views:
            return None
        return min(100.0, round(100 * max(0, getattr(self.counts, name)) / self.views, 1))
