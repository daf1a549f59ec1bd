"""Loading stories in bulk: archives from elsewhere, and synthetic ones for trial.

`load` writes what readers and the desk need to find a story. What only the desk's tools need comes
after, if at all: see docs/how-to/load-an-archive.md.
"""

from stoppress.newsroom.bulk.load import BATCH, load
from stoppress.newsroom.bulk.stories import LoadedStory

__all__ = ["BATCH", "LoadedStory", "load"]
