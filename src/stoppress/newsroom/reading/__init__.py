"""Reading: what views fill the theme's shapes with.

Every function here that asks the database is marked @reads and records the tags that decide what
it returns. Queries are batched: their number does not grow with what is shown.
"""

from stoppress.newsroom.reading.cards import read_cards
from stoppress.newsroom.reading.paper import read_navigation, read_paper

__all__ = ["read_cards", "read_navigation", "read_paper"]
