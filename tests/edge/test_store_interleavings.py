"""Every interleaving of a few steps: what readers may see is checked after each.

The world: a database that commits two or three changes, of every kind; one or two renders, each of
which begins (and so sees the changes committed by then) and is put later, at any moment; a printer
that applies what is committed, one change or a burst at a time, with a print of its own in the
switch, and that drops a page which it found to be no more; a log so short that it forgets. All
orders of these steps are tried. The store must show, at every moment,

- no page that depends on what a change took down, once that change is applied;
- no page as fresh that has not seen an applied change to what it depends on;
- no page that saw less than one that was there before;

and it must take a print that has seen everything.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from stoppress.edge import rules
from stoppress.edge.errors import StaleEdition
from stoppress.edge.store import Store
from tests.edge.newsroom import edition

PATH = "/a/"
TAGS = (frozenset({"a"}), frozenset({"a", "b"}))  # of the first render and of the second
KINDS = ("touch a", "touch b", "touch epoch:all", "gone a", "gone epoch:all")
THREE_CHANGES = (
    ("touch a", "gone a", "touch a"),
    ("gone a", "touch epoch:all", "gone a"),
)


@dataclass
class World:
    """What has happened, beside the store."""

    kinds: tuple[str, ...]
    committed: int = 0
    applied_as: list[int] = field(default_factory=list)  # the number of each change's switch
    begun: dict[int, int] = field(default_factory=dict)

    @property
    def applied(self) -> int:
        return len(self.applied_as)

    def depends_on(self, tags: frozenset[str], kind: str) -> bool:
        tag = kind.split()[1]
        return tag in tags or tag == "epoch:all"

    def missed(self, tags: frozenset[str], seen: int, verb: str) -> bool:
        """Whether a print lacks an applied change of a kind to what it depends on."""
        return any(
            number > seen and kind.startswith(verb) and self.depends_on(tags, kind)
            for kind, number in zip(self.kinds, self.applied_as, strict=False)
        )


def orders(changes: int, *, renders: int = 2, more: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """All orders in which nothing is applied, put or removed before it can be."""

    def grow(done: tuple[str, ...], left: dict[str, int]) -> Iterator[tuple[str, ...]]:
        if not left["apply"] and not any(left.values()):
            yield done
        for step, count in left.items():
            number = step[-1]
            if not count or (step.startswith("put") and f"begin {number}" not in done):
                continue
            if step == "apply" and left["apply"] <= left["commit"]:  # none is committed
                continue
            if step == "remove" and "put 0" not in done:  # nothing to remove
                continue
            if step == "begin 1" and "begin 0" not in done:  # the renders differ in name only
                continue
            yield from grow((*done, step), left | {step: count - 1})
        if "burst" in more and left["apply"] - left["commit"] > 1:
            yield from grow((*done, "burst"), left | {"apply": left["commit"]})

    steps = [f"{verb} {number}" for number in range(renders) for verb in ("begin", "put")]
    steps += [step for step in more if step != "burst"]
    return list(grow((), dict.fromkeys(steps, 1) | {"commit": changes, "apply": changes}))


def run(store: Store, kinds: tuple[str, ...], order: tuple[str, ...]) -> None:
    store.discard("a lineage")
    world = World(kinds)
    for step in order:
        verb, _, which = step.partition(" ")
        if verb == "commit":
            world.committed += 1
        elif verb == "begin":
            world.begun[int(which)] = world.committed
        elif verb == "put":
            put(store, world, TAGS[int(which)], world.begun[int(which)])
        elif verb == "apply":
            apply(store, world, 1)
        elif verb == "burst":
            apply(store, world, world.committed - world.applied)
        elif verb == "remove":
            remove(store, world)
        check(store, world)


def put(store: Store, world: World, tags: frozenset[str], seen: int) -> None:
    before = store.find(PATH)
    try:
        store.put(edition(PATH, f"{seen}", tags=tags, change=seen))
    except StaleEdition:
        assert seen < max(world.applied, before.change if before else 0), "refused without cause"
    else:
        assert before is None or seen >= before.change, "replaced by one that saw less"


def apply(store: Store, world: World, count: int) -> None:
    """The next committed changes; the printer's own print is of the newest snapshot."""
    begun = world.applied
    world.applied_as += [begun + count] * count
    tags: dict[str, set[str]] = {"touch": set(), "gone": set()}
    for kind in world.kinds[begun : world.applied]:
        verb, tag = kind.split()
        tags[verb].add(tag)
    fresh = [edition("/printed/", tags=TAGS[0], change=world.committed)]
    number = world.applied
    refused = store.apply(number, touched=tags["touch"], gone=tags["gone"], fresh=fresh)
    assert refused == []


def remove(store: Store, world: World) -> None:
    """The printer found, at what it has applied, that there is no such page."""
    before = store.find(PATH)
    store.remove(PATH, world.applied)
    after = store.find(PATH)
    if before is None or before.change <= world.applied:
        assert after is None, "still there"
    else:
        assert after is not None, "a later print was dropped"


def check(store: Store, world: World) -> None:
    for path in (PATH, "/printed/"):
        found = store.find(path)
        if found is None:
            continue
        assert not world.missed(found.tags, found.change, "gone"), "shown after it was taken down"
        is_behind = world.missed(found.tags, found.change, "touch")
        assert found.is_stale or not is_behind, "shown as fresh"
        if not is_behind:
            assert not found.is_stale, "printed again without cause"
    assert store.applied() == world.applied


@pytest.fixture
def store() -> Iterator[Store]:
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="edge-") as name:
        opened = Store.open(Path(name) / "store", max_bytes=2**23)
        yield opened
        opened.close()


@pytest.mark.parametrize("is_swept", [False, True], ids=["at once", "swept"])
def test_all_orders_of_two_changes(
    store: Store, monkeypatch: pytest.MonkeyPatch, is_swept: bool
) -> None:
    if is_swept:
        monkeypatch.setattr(rules, "MARKED_AT_ONCE", 0)
        monkeypatch.setattr(rules, "REMOVED_AT_ONCE", 0)
    tried = 0
    some = ("touch a", "gone a") if is_swept else (*KINDS[:1], *KINDS[2:])
    for order in orders(2):
        for kinds in itertools.product(some, repeat=2):
            if kinds[0][-3:] == kinds[1][-3:] == "all":
                continue  # two epochs are as one: the last number counts
            run(store, kinds, order)
            tried += 1
    assert tried > 1000


def test_all_orders_with_a_log_that_forgets(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "KEPT_CHANGES", 1)
    for order in orders(2):
        for kinds in itertools.product(("touch b", "gone a"), repeat=2):
            run(store, kinds, order)


def test_all_orders_of_three_changes_with_bursts_and_a_page_that_is_no_more(store: Store) -> None:
    tried = set[str]()
    for order in orders(3, renders=1, more=("burst", "remove")):
        for kinds in THREE_CHANGES:
            run(store, kinds, order)
        tried.update(order)
    assert tried == {"commit", "apply", "burst", "begin 0", "put 0", "remove"}
