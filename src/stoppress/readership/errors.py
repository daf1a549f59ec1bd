"""What can go wrong in the readership room."""


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
