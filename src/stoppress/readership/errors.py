"""What can go wrong in the readership room."""

from pathlib import Path


class ReadershipError(Exception):
    """The family of the readership room's errors."""


class BatchOutOfOrder(ReadershipError):
    """A batch whose predecessor is not in the totals."""

    def __init__(self, node: str, number: int, applied: int) -> None:
        super().__init__(
            f"Batch {number} of the journal {node} came after batch {applied}: those between are "
            f"missing. Ship the journal's batches in order, from {applied + 1}."
        )


class BadCount(ReadershipError, ValueError):
    """A count that can't be."""

    def __init__(self, article_id: int, views: int) -> None:
        super().__init__(
            f"{views} views of article {article_id} can't be. A count is a whole number from 0."
        )


class BadLine(ReadershipError, ValueError):
    """A line of an access log that can't be read; the text says why."""


class LogCutShort(ReadershipError):
    """A packed log that ends in its middle, or is damaged."""

    def __init__(self, path: Path, lines: int) -> None:
        super().__init__(
            f"{path} can be unpacked up to line {lines:,} only: it is cut short or damaged. Unpack "
            "it yourself (zcat) and give what comes out, or take another copy."
        )


class NothingToCompare(ReadershipError):
    """A log that covers no whole hour."""

    def __init__(self) -> None:
        super().__init__(
            "The log covers no whole hour. Give a longer one, or say with --since and --until in "
            "which hours it is complete."
        )
