"""Reading for tests: batches as nodes ship them."""

import random
from collections.abc import Mapping
from datetime import datetime
from itertools import count

from stoppress.edge.views import Batch, Counts
from stoppress.readership import totals

_nodes = count(1)


def read(
    article: int, hour: datetime, counts: Counts, sources: Mapping[str, int] | None = None
) -> None:
    """Let an article be read in an hour, on a node of its own."""
    at = int(hour.replace(minute=0, second=0, microsecond=0).timestamp())
    came = tuple((article, at, "referrer", name, some) for name, some in (sources or {}).items())
    totals.add(Batch(f"node-{next(_nodes)}", 1, ((article, at, *counts),), came))


def some_counts(chance: random.Random) -> Counts:
    """Counts of any kind."""
    return Counts(*(chance.randrange(50) for _ in Counts()))
