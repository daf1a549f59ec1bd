"""Whatever happens, in whatever order: once settled, stored is what a fresh render gives.

A machine makes random changes, answers misses whose render began before changes that were applied
meanwhile, kills the printer between reading and applying, and lets it settle at random.
"""

import contextlib

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
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


class Killed(Exception):
    """The printer dies here."""


class Newsroom(RuleBasedStateMachine):
    """Editors, readers and a printer at work on one tiny paper."""

    renders = Bundle("renders")

    @initialize()
    def open(self):
        with changing("a fresh paper") as change:
            tiny.Story.objects.all().delete()
            change.unseen(tiny.Story)
        Change.objects.exclude(what="migrations").delete()
        self.stories: list[tiny.Story] = []
        self.paths: set[str] = {"/", "/-/parts/latest/", "/world/", "/sport/", "/world/?page=2"}
        self.store = node.store()
        self.store.discard("")
        self.printer = Printer(self.store, "node-a")
        settle(self.printer)

    def pick(self, which: int) -> tiny.Story | None:
        return self.stories[which % len(self.stories)] if self.stories else None

    # Editors

    @rule(section=st.sampled_from(SECTIONS), word=st.sampled_from(["rain", "vote", "goal"]))
    def publish(self, section, word):
        story = tiny.publish(section, word)
        self.stories.append(story)
        self.paths |= {f"/{section}/{story.pk}/" for section in SECTIONS}

    @rule(which=st.integers(0, 9), word=st.sampled_from(["storm", "count", "draw"]))
    def update(self, which, word):
        if story := self.pick(which):
            tiny.update(story, word)

    @rule(which=st.integers(0, 9), section=st.sampled_from(SECTIONS))
    def move(self, which, section):
        if story := self.pick(which):
            tiny.move(story, section)

    @rule(which=st.integers(0, 9))
    def kill(self, which):
        if story := self.pick(which):
            tiny.kill(story)

    @rule(which=st.integers(0, 9))
    def delete(self, which):
        if story := self.pick(which):
            self.stories.remove(story)
            tiny.delete(story)

    @rule()
    def edit_settings(self):
        with changing("settings") as change:
            change.touch("epoch:settings")

    # Readers

    @rule(target=renders, which=st.integers(0, 30))
    def begin_render(self, which):
        path = sorted(self.paths)[which % len(self.paths)]
        try:
            return print_page(path)
        except PageNotFound:
            return None

    @rule(edition=consumes(renders))
    def finish_render(self, edition):
        if edition is None:
            return
        with contextlib.suppress(StaleEdition):
            self.store.put(edition)

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
            assert not stored.is_stale
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
    examples = 40 if paper == "sqlite" else 15
    run_state_machine_as_test(
        Newsroom,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
