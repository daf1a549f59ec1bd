"""A fresh database with the readership's tables, and a journal."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stoppress.edge.journal import Journal
from stoppress.readership import shipping


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with opened(tmp_path / "journal") as journal:
        yield journal


class opened:  # noqa: N801  reads as a word in a with
    """A journal for as long as the block lasts; what is known of its bases is forgotten."""

    def __init__(self, folder: Path) -> None:
        self.journal = Journal.open(folder)

    def __enter__(self) -> Journal:
        return self.journal

    def __exit__(self, *_: object) -> None:
        shipping.forget_bases(self.journal.node)
        self.journal.close()
