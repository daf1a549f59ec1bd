"""The most read of the paper or a section, without what is gone or has moved away since.

The stored lists are as of the last change of their order. A story that is taken down touches its
card, which every edition that lists it carries: it is left out here from that moment, whenever the
list itself is worked out anew.
"""

from dataclasses import dataclass
from datetime import datetime

from stoppress.newsroom import tags
from stoppress.newsroom.models import MostRead
from stoppress.newsroom.reading.cards import read_cards
from stoppress.newsroom.reading.paper import Tree
from stoppress.press.recording import reads, record
from stoppress.readership.mostread import DAY, VIEW, WEEK, Window
from stoppress.theme import shapes

SHOWN = 5  # stories beside others
FEWEST = 3  # of fewer, none is the most read
SCORE_DIGITS = 2


@dataclass(frozen=True, slots=True)
class ReadStory:
    """A story in a list of the most read."""

    card: shapes.Card
    score: float  # a view of the moment when the order last changed counts 1, older ones less
    views: int  # all of those that the list's `since` and `until` span


@dataclass(frozen=True, slots=True)
class MostReadList:
    """A list as its order last changed; without moments if nothing was ever read."""

    stories: tuple[ReadStory, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


@reads
def read_most_read(window: Window, section_id: int | None, tree: Tree) -> MostReadList:
    """The most read of a section and all inside it, or of the paper, the most read first."""
    name = tags.LATEST if section_id is None else tags.section_list(section_id)
    record(tags.most_read(window.name, name))
    if section_id is not None:
        record(tags.section(section_id), tags.EPOCH_NAVIGATION)
    row = MostRead.objects.filter(window=window.name, list=name).first()
    if row is None:
        return MostReadList()
    # A story that has moved stands in its former section's list until that is made anew.
    inside = {node.url for node in tree.values() if section_id in (node.id, *node.outer)}
    cards = read_cards([article_id for article_id, *_ in row.entries], tree)
    stories = [
        ReadStory(cards[article_id], round(score / VIEW, SCORE_DIGITS), views)
        for article_id, score, views in row.entries
        if article_id in cards and (section_id is None or cards[article_id].section.url in inside)
    ]
    return MostReadList(tuple(stories), row.since, row.until)


@reads
def read_most_read_part(section_id: int | None, tree: Tree) -> shapes.MostRead | None:
    """What stands beside stories: the day's, the week's if that shows more; or nothing."""
    found: tuple[ReadStory, ...] = ()
    shown: Window = DAY
    for window in (DAY, WEEK):
        stories = read_most_read(window, section_id, tree).stories[:SHOWN]
        if len(stories) > len(found):
            found, shown = stories, window
    if len(found) < FEWEST:
        return None
    section = tree[section_id].link if section_id is not None else None
    cards = tuple(story.card for story in found)
    return shapes.MostRead(cards, "day" if shown is DAY else "week", section)
