"""Most read: which stories stand in the lists of the paper and its sections, and in what order.

The readership room scores articles without knowing them; here those that readers can find are
brought into lists. A list is written, and its tag touched, only if its stories or their order
changed: as long as readers read what they read before, no page is printed for it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from stoppress.newsroom import tags
from stoppress.newsroom.models import MostRead
from stoppress.newsroom.reading.paper import Tree, read_tree
from stoppress.press.changes import Draft, changing
from stoppress.readership.mostread import Scored, Window, scored

LONGEST = 10  # stories in a list

# The first of each section; whatever is among the first of several sections is among these.
_FIRST_OF_EACH_SECTION = """
SELECT section_id, article_id, score, views FROM (
    SELECT address.section_id, scored.article_id, scored.score, scored.views,
        ROW_NUMBER() OVER (
            PARTITION BY address.section_id ORDER BY scored.score DESC, scored.article_id DESC
        ) AS place
    FROM ({scored}) AS scored
    JOIN newsroom_articleaddress AS address
        ON address.article_id = scored.article_id AND address.is_current
) AS placed
WHERE place <= %s ORDER BY score DESC, article_id DESC
"""


class Entry(NamedTuple):
    """A story in a list; its score is in millionths of a view of this moment."""

    article_id: int
    score: int
    views: int


Lists = dict[str, list[Entry]]


def refresh(window: Window, now: datetime | None = None) -> list[str]:
    """Bring the lists of a window in line with what is read; return which of them changed."""
    now = now or timezone.now()
    found = scored(window, now)
    lists = _lists(_first_of_each_section(found), read_tree())
    stored = dict(MostRead.objects.filter(window=window.name).values_list("list", "entries"))
    changed = [name for name in lists if _order(lists[name]) != _order(stored.get(name, ()))]
    ended = stored.keys() - lists.keys()
    if changed or ended:
        with changing(f"most read of the last {window.name}") as change:
            _write(window, {name: lists[name] for name in changed}, found.since, now)
            MostRead.objects.filter(window=window.name, list__in=ended).delete()
            _touch(change, window, [*changed, *ended])
    return sorted([*changed, *ended])


def _first_of_each_section(found: Scored) -> list[tuple[int, Entry]]:
    """The most read of each section with it, in a total order over all."""
    with connection.cursor() as cursor:
        sql = _FIRST_OF_EACH_SECTION.format(scored=found.sql)
        cursor.execute(sql, [*found.values, LONGEST])
        return [(section_id, Entry(*entry)) for section_id, *entry in cursor.fetchall()]


def _lists(ranked: Iterable[tuple[int, Entry]], tree: Tree) -> Lists:
    """The lists of the paper, of sections, and of the sections around these."""
    lists: Lists = {}
    for section_id, entry in ranked:
        if section_id not in tree:
            continue
        around = (section_id, *tree[section_id].outer)
        for name in (tags.LATEST, *map(tags.section_list, around)):
            members = lists.setdefault(name, [])
            if len(members) < LONGEST:
                members.append(entry)
    return lists


def _order(entries: Iterable[Iterable[int]]) -> list[int]:
    return [article_id for article_id, *_ in entries]


def _write(
    window: Window, lists: Mapping[str, list[Entry]], since: datetime, until: datetime
) -> None:
    MostRead.objects.bulk_create(
        [
            MostRead(window=window.name, list=name, since=since, until=until, entries=entries)
            for name, entries in sorted(lists.items())
        ],
        update_conflicts=True,
        unique_fields=["window", "list"],
        update_fields=["since", "until", "entries"],
    )


def _touch(change: Draft, window: Window, names: Iterable[str]) -> None:
    change.touch(*(tags.most_read(window.name, name) for name in names))
