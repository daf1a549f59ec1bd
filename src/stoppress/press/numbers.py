"""What the printer's process counts, for /metrics and for the desk's page on the press.

Counters are the process's own and start at zero with it, as Prometheus expects.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from django.conf import settings
from django.db.models import Max, Min
from django.utils import timezone

from stoppress.edge.metrics import FOLDER, Metrics
from stoppress.edge.store import Store
from stoppress.press.models import Change, PrintAlarm

counted: Counter[str] = Counter()
_state: dict[str, float] = {}


def numbers_folder() -> Path:
    """Return where this machine's processes write down what they count."""
    return Path(settings.STORE_DIR) / FOLDER


_metrics: dict[Path, Metrics] = {}


def metrics() -> Metrics:
    """Return this process's numbers."""
    folder = numbers_folder()
    if folder not in _metrics:
        _metrics[folder] = Metrics(folder, counted, lambda: _state, process="press")
    return _metrics[folder]


def count_prints(event: str, milliseconds: Iterable[float]) -> None:
    """Count pages that were printed, and how long each took."""
    for ms in milliseconds:
        counted[event] += 1
        metrics().time("print", ms / 1000)


def write_down(node: str, store: Store) -> None:
    """Write the numbers down, with how far the printer is behind the log of changes."""
    _state.update(_how_it_is(node, store))
    metrics().write()


def _how_it_is(node: str, store: Store) -> Mapping[str, float]:
    applied = store.applied()
    ahead = Change.objects.filter(number__gt=applied).aggregate(
        newest=Max("number"), oldest=Min("written_at")
    )
    late = (timezone.now() - ahead["oldest"]).total_seconds() if ahead["oldest"] else 0.0
    return {
        "applied": applied,
        "changes_behind": (ahead["newest"] or applied) - applied,
        "seconds_behind": max(0.0, late),
        "stale": store.stale_count(),
        "failing": PrintAlarm.objects.filter(node=node).count(),
    }
