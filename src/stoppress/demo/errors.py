"""What can be wrong with the demo's content, said so that its writer can mend it."""


class BadManuscript(ValueError):
    """A story's file can't be read."""

    def __init__(self, file: str, line: int, fault: str) -> None:
        super().__init__(f"{file}, line {line}: {fault}")


class BadLibrary(ValueError):
    """Files that are fine alone don't fit together: a name leads nowhere, or is taken twice."""
