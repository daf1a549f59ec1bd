"""Rules broken on purpose, one at a time, to see that the proofs notice.

Each breaks what one line of the program holds; the names say which. They are patches of the
running program, so that no line of it has to be edited to see a proof fail.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from stoppress.edge.store import Store
from stoppress.newsroom import listings, tags
from stoppress.newsroom.actions import standing
from stoppress.press import changes, recording

Break = Callable[[], Any]
SABOTAGES: dict[str, Break] = {}


def sabotage(broken: Break) -> Break:
    """Add a broken rule: a context in which it does not hold."""
    SABOTAGES[broken.__name__] = broken
    return broken


@contextmanager
def untold(is_dropped: Callable[[str], bool]) -> Iterator[None]:
    """Acts forget to touch some tags."""
    touch = changes.Draft.touch

    def forgetful(draft: changes.Draft, *touched: str) -> None:
        touch(draft, *(tag for tag in touched if not is_dropped(tag)))

    with patch.object(changes.Draft, "touch", forgetful):
        yield


@contextmanager
def unrecorded(is_dropped: Callable[[str], bool]) -> Iterator[None]:
    """Readings forget to record some tags."""
    update = recording.Recording

    class Forgetful(update):  # type: ignore[valid-type, misc]
        __slots__ = ()

        def __post_init__(self) -> None:
            self.tags = _Dropping(is_dropped)

    with patch.object(recording, "Recording", Forgetful):
        yield


class _Dropping(set[str]):
    def __init__(self, is_dropped: Callable[[str], bool]) -> None:
        super().__init__()
        self.is_dropped = is_dropped

    def update(self, *others: Any) -> None:
        super().update(tag for other in others for tag in other if not self.is_dropped(tag))


@sabotage
def a_publish_forgets_the_card() -> Any:
    return untold(lambda tag: tag.startswith("card:"))


@sabotage
def a_publish_forgets_its_month() -> Any:
    return untold(lambda tag: tag.endswith((":2026-02", ":2026-03", ":2026-04")))


@sabotage
def a_new_author_is_not_told() -> Any:
    return untold(lambda tag: tag == tags.ALL_AUTHORS)


@sabotage
def corrections_are_not_told() -> Any:
    return untold(lambda tag: tag == tags.CORRECTIONS)


@sabotage
def navigation_is_not_told() -> Any:
    return untold(lambda tag: tag == tags.EPOCH_NAVIGATION)


@sabotage
def pictures_are_not_recorded() -> Any:
    return unrecorded(lambda tag: tag.startswith("picture:"))


@sabotage
def authors_are_not_recorded() -> Any:
    return unrecorded(lambda tag: tag.startswith("author:"))


@sabotage
def linked_stories_are_not_recorded() -> Any:
    return unrecorded(lambda tag: tag.startswith("card:"))


@sabotage
def the_newest_are_not_recorded() -> Any:
    return unrecorded(lambda tag: tag.startswith("list:section-") and tag.count(":") == 1)


@sabotage
def takedowns_are_soft() -> Any:
    return patch.object(changes.Draft, "gone", changes.Draft.touch)


@sabotage
def lists_keep_what_is_gone() -> Any:
    return patch.object(listings, "delist", lambda article_id: set())


@sabotage
def addresses_outlive_their_story() -> Any:
    return patch.object(standing.addresses, "retire_article", lambda article_id: None)


@sabotage
def anything_may_be_stored() -> Any:
    return patch.object(Store, "_refuse_unless_fresh", lambda *_: None)


@sabotage
def nothing_is_marked_stale() -> Any:
    return patch.object(Store, "_mark_stale", lambda *_: None)


@sabotage
def a_takedown_leaves_no_tombstone() -> Any:
    def forgetful(store: Store, txn: Any, tag: str, number: int) -> None:
        store._mark_stale(txn, tag, number)

    return patch.object(Store, "_take_down", forgetful)
