"""What can go wrong in the newsroom. Every message is a whole sentence with a remedy."""


class NewsroomError(Exception):
    """Anything the newsroom refuses to do."""


class StoryKilled(NewsroomError):
    """A killed story was to be published."""

    def __init__(self, headline: str, reason: str) -> None:
        super().__init__(
            f"“{headline}” was killed ({reason or 'no reason given'}). "
            "Lift the kill before publishing it again."
        )


class EmbargoInForce(NewsroomError):
    """A story was to be published before its embargo ends."""

    def __init__(self, headline: str, until: str) -> None:
        super().__init__(
            f"“{headline}” is under embargo until {until}. Publish it then, or schedule it."
        )


class FrontIsForEveryone(NewsroomError):
    """The front page, or what is above it, was to be closed to some readers."""

    def __init__(self) -> None:
        super().__init__(
            "The front page can't be closed to readers: every page of the paper leads there. "
            "Restrict a section or a story."
        )


class AddressTaken(NewsroomError):
    """A section cannot take a path that would hide stories published there before."""

    def __init__(self, path: str, example: str) -> None:
        super().__init__(
            f"The path {path} belonged to another section, and both hold a story at {example}. "
            "Choose another slug, so that every published address keeps leading to its story."
        )


class AuthorAddressTaken(NewsroomError):
    """An author cannot take a slug under which readers knew another."""

    def __init__(self, slug: str) -> None:
        super().__init__(
            f"/authors/{slug}/ was another author's page and leads to them. Choose another slug."
        )


class AddressesContested(NewsroomError):
    """Other stories took every slug that was tried, each in the same instant."""

    def __init__(self, slug: str) -> None:
        super().__init__(
            f"Other stories took “{slug}” and its numbers just now. Publish again, or give the "
            "story a slug of its own."
        )


class NoSuchSection(NewsroomError):
    """A section was asked for that this newsroom does not have."""

    def __init__(self, path: str) -> None:
        super().__init__(f"There is no section at {path}. Create it first, or name another.")


class SectionFull(NewsroomError):
    """A section holds as many pages as the tree has places for."""

    def __init__(self, name: str, most: int) -> None:
        super().__init__(
            f"The section “{name}” has no place for another page: the tree holds {most:,} in one "
            "section. Make a second section for the rest."
        )


class PictureRefused(NewsroomError):
    """A picture file cannot be taken in."""


class EmbedRefused(NewsroomError):
    """An address that none of the allowed providers answers for."""
