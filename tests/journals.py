"""Reports for a journal, written as the process beside a worker writes them."""

from __future__ import annotations

from stoppress.edge.journal import Journal, Report


def append(journal: Journal, *reports: Report) -> list[int]:
    """Write a group; each answer is the article's count. Raises what the first refused one was."""
    counts = []
    for answer in journal.write(reports):
        if isinstance(answer, Exception):
            raise answer
        counts.append(answer)
    return counts
