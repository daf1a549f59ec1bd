"""Random editors, readers and clocks at work on one newsroom, and a printer that keeps dying."""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.db import connection
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from stoppress.edge.errors import StaleEdition
from stoppress.edge.store import Store
from stoppress.press import node, printing
from stoppress.press.editions import print_page
from stoppress.press.errors import PageNotFound
from stoppress.press.models import Change, Receipt
from stoppress.press.printing import Printer
from stoppress.press.receipts import make_up
from stoppress.press.render import render_edition
from stoppress.press.snapshot import snapshot
from tests.newsroom.settling import paper_kinds, story_kinds  # noqa: F401 - they add the kinds
from tests.newsroom.settling.room import KINDS, NODE, Room, do, forget_language

ACTS = st.tuples(st.sampled_from(sorted(KINDS)), st.integers(0, 99))
PRINTER_ACTS = st.sampled_from([("apply", 0), ("print", 0)])
CORE_SET = 8
WRITES = ("apply", "put_all", "put", "remove")


class Killed(BaseException):
    """The printer dies here."""


def raise_killed() -> None:
    raise Killed


@contextmanager
def death_at(step: int, store: Store, die: Callable[[], None]) -> Iterator[None]:
    """Die at a step of whatever runs inside: before a statement, before or after a store's write.

    Statements count one each; so a small number dies while pages are rendered, the next ones
    around the switch and around the receipt.
    """
    left = step

    def count_down() -> None:
        nonlocal left
        if left == 0:
            die()
        left -= 1

    def deadly(real: Callable[..., Any]) -> Callable[..., Any]:
        def act(*args: Any, **named: Any) -> Any:
            count_down()
            done = real(*args, **named)
            count_down()
            return done

        return act

    def watch(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if not str(sql).lstrip().startswith("SELECT"):
            count_down()
        return execute(sql, params, many, context)

    for name in WRITES:
        setattr(store, name, deadly(getattr(store, name)))
    try:
        with connection.execute_wrapper(watch):
            yield
    finally:
        for name in WRITES:
            delattr(store, name)


def started(store: Store) -> Printer:
    """A printer as its process starts one after another's death."""
    make_up(NODE, store.applied())
    return Printer(store, NODE)


def settle(printer: Printer) -> None:
    while printer.work():
        pass


def stored_pages(room: Room, store: Store) -> dict[str, Any]:
    found = {path: store.find(path) for path in room.paths}
    return {path: edition for path, edition in found.items() if edition is not None}


def check_takedowns(room: Room, store: Store) -> None:
    """Once its takedown is applied, nothing in the store names a story or shows it."""
    words = [told.word.encode() for told in room.gone()]
    for path, edition in stored_pages(room, store).items():
        if edition.status == 200:
            shown = edition.body.lower()
            named = [word.decode() for word in words if _names(word, shown)]
            assert not named, f"{path} still shows {named}"


def _names(word: bytes, text: bytes) -> bool:
    at = text.find(word)
    while at >= 0:
        if not text[at + len(word) : at + len(word) + 1].isdigit():
            return True
        at = text.find(word, at + 1)
    return False


def check_settled(room: Room, store: Store) -> None:
    """Every stored page is what a fresh render gives, and what is gone is gone."""
    check_takedowns(room, store)
    with snapshot() as seen:
        for path, stored in stored_pages(room, store).items():
            assert not stored.is_stale, f"{path} is stale"
            try:
                fresh = render_edition(path, seen)
            except PageNotFound:
                raise AssertionError(f"{path} is stored, but there is no such page") from None
            for part in ("status", "headers", "tags", "body"):
                kept, made = getattr(stored, part), getattr(fresh, part)
                assert kept == made, f"{path}: {part} differs: {kept!r} is not {made!r}"
        for told in room.stories.values():
            check_story(told, seen)


def check_story(told: Any, seen: int) -> None:
    """All addresses that a story ever had lead to it, or say that it is gone."""
    for url in sorted(told.urls):
        try:
            status = render_edition(url, seen).status
        except PageNotFound:
            status = 404
        expected = (200, 301) if told.fate.value == "live" else (404, 410)
        assert status in expected, f"{told.word} is {told.fate.value}, but {url} answers {status}"


def check_receipts(store: Store) -> None:
    """Each change that this node has applied is covered by a receipt."""
    spans = list(Receipt.objects.filter(node=NODE).values_list("after", "change"))
    began = min((after for after, _ in spans), default=store.applied())
    for number in Change.objects.filter(number__gt=began).values_list("number", flat=True):
        covered = any(after < number <= change for after, change in spans)
        assert covered, f"change {number} is applied but has no receipt"


class Newsroom(RuleBasedStateMachine):
    """Editors, readers, the clock and a printer at work on one newsroom."""

    open_paper: Callable[[], Any]  # a fresh newsroom's database, as a context
    folder: Path
    filled: Path | None = None  # a store with every page of a fresh newsroom

    def __init__(self) -> None:
        super().__init__()
        self.open_things = ExitStack()

    @initialize()
    def open(self) -> None:
        self.open_things.enter_context(type(self).open_paper())
        self.open_things.enter_context(settings_kept())
        # So that a switch leaves something to wait, as in a newsroom with more pages.
        self.open_things.enter_context(patch.object(printing, "CORE_SET", CORE_SET))
        node.close_store()
        shutil.rmtree(self.folder, ignore_errors=True)
        settings.STORE_DIR = self.folder / "store"
        if type(self).filled:
            shutil.copytree(type(self).filled, settings.STORE_DIR)
        self.store = node.store()
        self.room = Room()
        self.printer = Printer(self.store, NODE)
        if not type(self).filled:
            settle(self.printer)
            self.visit(sorted(self.room.paths))
            self.keep_filled()

    def keep_filled(self) -> None:
        node.close_store()
        kept = self.folder.with_name("filled")
        shutil.copytree(settings.STORE_DIR, kept)
        type(self).filled = kept
        self.store = node.store()
        self.printer = Printer(self.store, NODE)

    def visit(self, paths: list[str]) -> None:
        """Readers ask for pages."""
        editions = []
        for path in paths:
            with contextlib.suppress(PageNotFound):
                editions.append(print_page(path))
        self.store.put_all(editions)

    def let_happen(self, name: str, n: int) -> None:
        if name == "apply":
            self.apply()
        elif name == "print":
            self.printer.print_stale()
        else:
            do(self.room, name, n)

    @rule(act=ACTS)
    def change(self, act: tuple[str, int]) -> None:
        do(self.room, *act)

    @rule(acts=st.lists(ACTS, min_size=2, max_size=3))
    def change_several(self, acts: list[tuple[str, int]]) -> None:
        for act in acts:
            do(self.room, *act)

    @rule(n=st.integers(0, 999), meanwhile=st.lists(ACTS | PRINTER_ACTS, min_size=1, max_size=3))
    def answer_a_miss(self, n: int, meanwhile: list[tuple[str, int]]) -> None:
        """A reader's page is rendered; before it is stored, other things happen."""
        paths = sorted(self.room.paths)
        begun = []
        for at in range(n, n + len(paths), 5):
            with contextlib.suppress(PageNotFound):
                begun.append(print_page(paths[at % len(paths)]))
        for act in meanwhile:
            self.let_happen(*act)
        for edition in begun:
            with contextlib.suppress(StaleEdition):
                self.store.put(edition)

    @rule(n=st.integers(0, 6))
    def visit_some(self, n: int) -> None:
        self.visit(sorted(self.room.paths)[n::7])

    @rule()
    def apply(self) -> None:
        while self.printer.apply_changes():
            pass
        check_takedowns(self.room, self.store)

    @rule()
    def print_some(self) -> None:
        self.printer.print_stale()

    @rule(act=ACTS, step=st.integers(0, 12))
    def change_and_kill_printer(self, act: tuple[str, int], step: int) -> None:
        """It dies while it works on a change; another is started."""
        do(self.room, *act)
        try:
            with death_at(step, self.store, raise_killed):
                self.printer.work()
        except Killed:
            connection.close()
        self.printer = started(self.store)

    @rule()
    def settled(self) -> None:
        settle(self.printer)
        check_settled(self.room, self.store)
        check_receipts(self.store)

    def teardown(self) -> None:
        with self.open_things:
            if hasattr(self, "room"):
                self.settled()


@contextmanager
def settings_kept() -> Iterator[None]:
    names = ("PAPER_NAME", "PAPER_TAGLINE", "LANGUAGE_CODE", "STORE_DIR")
    kept = {name: getattr(settings, name) for name in names}
    try:
        yield
    finally:
        node.close_store()
        for name, value in kept.items():
            setattr(settings, name, value)
        forget_language()
