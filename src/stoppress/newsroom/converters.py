"""What may stand in the places of readers' addresses; importing registers them."""

from django.urls import register_converter

from stoppress.readership.mostread import WINDOWS, Window


class FourDigits:
    """A year."""

    regex = "[1-9][0-9]{3}"

    def to_python(self, value: str) -> int:
        """The number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Its digits."""
        return f"{value:04d}"


class TwoDigits:
    """A month or a day."""

    regex = "[0-3][0-9]"

    def to_python(self, value: str) -> int:
        """The number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Its digits."""
        return f"{value:02d}"


class SectionWords:
    """A section's path: words of which none is a number."""

    regex = r"(?:(?![0-9]+/)[^/]+/)*(?![0-9]+/)[^/]+"

    def to_python(self, value: str) -> str:
        """The path."""
        return value

    def to_url(self, value: str) -> str:
        """The path."""
        return value


class Id:
    """A number of ours, written in one way only."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        """The number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Its digits."""
        return str(value)


class WindowName:
    """A window of the most read."""

    regex = "|".join(WINDOWS)

    def to_python(self, value: str) -> Window:
        """The window."""
        return WINDOWS[value]

    def to_url(self, value: Window) -> str:
        """Its name."""
        return value.name


register_converter(FourDigits, "yyyy")
register_converter(TwoDigits, "mm")
register_converter(SectionWords, "section")
register_converter(Id, "id")
register_converter(WindowName, "window")
