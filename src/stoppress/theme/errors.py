"""What can go wrong while a page is laid out."""


class ThemeError(Exception):
    """A page can't be laid out as asked."""


class MissingPaper(ThemeError):
    """A template was asked for without the paper that it belongs to."""

    def __init__(self, template: str) -> None:
        super().__init__(f"{template} was rendered without a paper. Pass paper=Paper(…).")


class UnknownAsset(ThemeError):
    """A template names a file that the theme doesn't have."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"The theme has no file {name!r}. It has: {', '.join(sorted(known))}.")


class UnknownWord(ThemeError):
    """A template asks for a word that a language's table doesn't hold."""

    def __init__(self, language: str, key: str) -> None:
        super().__init__(f"words/{language}.toml has no entry {key!r}. Add it in every language.")
