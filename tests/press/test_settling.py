"""Whatever happens, in whatever order: once settled, stored is what a fresh render gives.

A machine makes random changes, answers misses whose render began before changes that were applied
meanwhile, kills the printer between reading and applying, and lets it settle at random.
"""

import contextlib

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from stoppress.edge.errors import StaleEdition
from stoppress.press import node
from stoppress.press.changes import changing
from stoppress.press.editions import print_page
from stoppress.press.errors import PageNotFound
from stoppress.press.models import Change
from stoppress.press.printing import Printer
from tests.press import paper as tiny
from tests.press.conftest import settle

SECTIONS = ("world", "sport")
MEANWHILE = ("apply", "print", "publish", "update", "kill", "delete")
HAPPENINGS = st.lists(st.sampled_from(MEANWHILE), min_size=1, max_size=4)
STANDING = ("/", "/-/parts/latest/", "/world/", "/sport/", "/world/?page=2")


class Killed(Exception):
    """The printer dies here."""


class Newsroom(RuleBasedStateMachine):
    """Editors, readers and a printer at work on one tiny paper."""

    @initialize()
    def open(self):
        with changing("a fresh paper") as change:
            tiny.Story.objects.all().delete()
            change.unseen(tiny.Story)
        Change.objects.exclude(what="migrations").delete()
        self.stories: list[tiny.Story] = []
        self.paths: set[str] = set(STANDING)
        self.store = node.store()
        self.store.discard("")
        self.printer = Printer(self.store, "node-a")
        for section in ("world", "world", "sport", "world", "world"):
            self.publish(section, "fog")
        settle(self.printer)
        self.visit_all()

    def pick(self, which: int) -> tiny.Story:
        return self.stories[which % len(self.stories)]

    def has_stories(self) -> bool:
        return bool(self.stories)

    # Editors

    @rule(section=st.sampled_from(SECTIONS), word=st.sampled_from(["rain", "vote", "goal"]))
    def publish(self, section, word):
        story = tiny.publish(section, word)
        self.stories.append(story)
        self.paths |= {f"/{section}/{story.pk}/" for section in SECTIONS}

    @rule(which=st.integers(0, 9), word=st.sampled_from(["storm", "count", "draw"]))
    @precondition(has_stories)
    def update(self, which, word):
        tiny.update(self.pick(which), word)

    @rule(which=st.integers(0, 9), section=st.sampled_from(SECTIONS))
    @precondition(has_stories)
    def move(self, which, section):
        tiny.move(self.pick(which), section)

    @rule(which=st.integers(0, 9))
    @precondition(has_stories)
    def kill(self, which):
        tiny.kill(self.pick(which))

    @rule(which=st.integers(0, 9))
    @precondition(has_stories)
    def delete(self, which):
        story = self.pick(which)
        self.stories.remove(story)
        tiny.delete(story)

    @rule()
    def edit_settings(self):
        with changing("settings") as change:
            change.touch("epoch:settings")

    # Readers

    @rule()
    def visit_all(self):
        """Readers ask for every page there is."""
        editions = []
        for path in sorted(self.paths):
            with contextlib.suppress(PageNotFound):
                editions.append(print_page(path))
        self.store.put_all(editions)

    @rule(which=st.integers(0, 99), meanwhile=HAPPENINGS)
    def answer_a_miss(self, which, meanwhile):
        """A reader's page is rendered; before it is stored, other things happen."""
        story = f"/world/{self.pick(which).pk}/" if self.stories else "/"
        path = [*STANDING, story][which % 6]
        try:
            edition = print_page(path)
        except PageNotFound:
            return
        for happening in meanwhile:
            self.let_happen(happening, which)
        self.printer.apply_changes()
        with contextlib.suppress(StaleEdition):
            self.store.put(edition)

    def let_happen(self, happening: str, which: int) -> None:
        if happening == "apply":
            self.printer.apply_changes()
        elif happening == "print":
            self.printer.print_stale()
        elif happening == "publish":
            self.publish("world", "news")
        elif self.stories:
            act = {"update": lambda n: self.update(n, "flood"), "kill": self.kill}
            act.get(happening, self.delete)(which)

    # The printer

    @rule()
    def apply(self):
        self.printer.apply_changes()

    @rule()
    def print_some(self):
        self.printer.print_stale()

    @rule(where=st.sampled_from(["apply", "put_all", "remove"]))
    def kill_printer(self, where):
        """It dies before a step on the store; another is started later."""

        def die(*args, **kwargs):
            raise Killed

        setattr(self.store, where, die)
        try:
            self.printer.work()
        except Killed:
            self.printer = Printer(self.store, "node-a")
        finally:
            delattr(self.store, where)

    @rule()
    def settled(self):
        settle(self.printer)
        for path in self.paths:
            stored = self.store.find(path)
            if stored is None:
                continue
            assert not stored.is_stale, path
            fresh = print_page(path)  # raises if the page is no more
            assert (stored.status, stored.body, stored.headers, stored.tags) == (
                fresh.status,
                fresh.body,
                fresh.headers,
                fresh.tags,
            )

    def teardown(self):
        if hasattr(self, "store"):
            self.settled()


def test_once_settled_every_stored_page_is_what_a_fresh_render_gives(paper):
    examples = 25 if paper == "sqlite" else 10
    run_state_machine_as_test(
        Newsroom,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
