"""The IPTC Media Topics, from the copy packaged with us.

Media Topics are copyright IPTC (iptc.org), licensed CC BY 4.0: the file's first line and the NOTICE
beside it say so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from stoppress.newsroom import tags
from stoppress.newsroom.models import Topic
from stoppress.newsroom.slugs import make_slug
from stoppress.press.changes import changing


@dataclass(frozen=True, slots=True)
class TopicRow:
    """One line of the vocabulary."""

    qcode: str
    label: str
    broader: str
    retired: bool
    definition: str


def packaged_topics() -> Iterator[TopicRow]:
    """The vocabulary as IPTC published it."""
    text = files("stoppress.newsroom").joinpath("data/media-topics.tsv").read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            qcode, label, broader, retired, definition = (line.split("\t") + [""] * 4)[:5]
            yield TopicRow(qcode, label, broader, bool(retired.strip()), definition)


def load_topics() -> int:
    """Bring the topics in line with the packaged vocabulary; returns how many there are.

    Topics are found by qcode and never removed: a retired one stays on the stories that have it.
    """
    rows = list(packaged_topics())
    with changing("load the media topics") as change:
        before = _shown()
        slugs = _slugs(rows)
        Topic.objects.bulk_create(
            [
                Topic(
                    qcode=row.qcode,
                    label=row.label,
                    slug=slugs[row.qcode],
                    definition=row.definition,
                    retired=row.retired,
                )
                for row in rows
            ],
            update_conflicts=True,
            unique_fields=["qcode"],
            update_fields=["label", "definition", "retired"],
        )
        topics = Topic.objects.in_bulk(field_name="qcode")
        moved = []
        for row in rows:
            topic, broader = topics[row.qcode], topics.get(row.broader)
            if topic.broader_id != (broader.pk if broader else None):
                topic.broader = broader
                moved.append(topic)
        Topic.objects.bulk_update(moved, ["broader"], batch_size=400)
        after = _shown()
        reworded = [pk for pk, words in before.items() if words != after[pk]]
        change.touch(tags.ALL_TOPICS, *(tags.topic(pk) for pk in reworded))
    return len(rows)


def _shown() -> dict[int, tuple[str, str]]:
    """What stories show of each topic."""
    return {
        pk: (label, slug) for pk, label, slug in Topic.objects.values_list("pk", "label", "slug")
    }


def _slugs(rows: list[TopicRow]) -> dict[str, str]:
    """A slug for each; of two topics with one label, the later also carries its number."""
    taken: set[str] = set()
    slugs = {}
    for row in rows:
        slug = make_slug(row.label, fallback="topic")
        slugs[row.qcode] = slug if slug not in taken else f"{slug}-{row.qcode.split(':')[-1]}"
        taken.add(slugs[row.qcode])
    return slugs
