"""What may stand in the places of readers' addresses; importing registers them."""

from django.urls import register_converter


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


register_converter(FourDigits, "yyyy")
register_converter(TwoDigits, "mm")
register_converter(SectionWords, "section")
