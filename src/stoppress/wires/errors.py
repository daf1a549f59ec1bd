"""What can be wrong with a story from outside.

    WireError
        NotAPageDump          these bytes are no plain-text page: nothing was read
            TooLarge, TooManyLines, Empty, Binary, Markup, WrongEncoding
        PageNotRecognised     text, but no page of a story
            NoHeadlineFound, NoBodyFound
        PageRefused           recognised, but the newsroom can't take it as it is
        NoSectionNamed        nobody says where the story belongs
        BadRetrievalTime      --retrieved is no moment
        NoReasonGiven, TakeAlreadyUsed     a take can't be set aside

Each message is a whole sentence that an editor can act on.
"""


class WireError(Exception):
    """A story from outside can't be taken in."""


class NotAPageDump(WireError):
    """The bytes are not the plain text of a page."""


class TooLarge(NotAPageDump):
    """More bytes than any page of text has."""

    def __init__(self, size: int | None, max_bytes: int) -> None:
        found = f"The dump has {size:,} bytes" if size else "The dump has too many bytes"
        super().__init__(
            f"{found}; a page dump may have at most {max_bytes:,} (5 MB). "
            "Save the text of one page only."
        )


class TooManyLines(NotAPageDump):
    """More lines than any page of text has."""

    def __init__(self, count: int, max_lines: int) -> None:
        super().__init__(
            f"The dump has {count:,} lines; a page dump may have at most {max_lines:,}. "
            "Save the text of one page only."
        )


class Empty(NotAPageDump):
    """Nothing, or nothing but blanks."""

    def __init__(self) -> None:
        super().__init__("The dump is empty. Save the text of the page again and import that.")


class Binary(NotAPageDump):
    """Not text at all."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The dump is not text: {what}. Open the page in a browser, select all, "
            "copy, and save that as plain text in UTF-8."
        )


class Markup(NotAPageDump):
    """The source of a page instead of its text."""

    def __init__(self) -> None:
        super().__init__(
            "The dump is the HTML source of a page, not its text. Save the page as plain text "
            "(in a browser: select all, copy, paste into an editor), or run: "
            "lynx -dump -nolist -width=9999 PAGE.html"
        )


class WrongEncoding(NotAPageDump):
    """Text in an encoding that we won't guess at."""

    def __init__(self, position: int, line: int, looks_like: str | None) -> None:
        guess = (
            f"It looks like {looks_like}. If so, convert it: "
            f"iconv -f {looks_like} -t UTF-8 FILE > FILE.utf8.txt"
            if looks_like
            else "Save it again as UTF-8"
        )
        super().__init__(
            f"The dump is not UTF-8: byte {position:,} (line {line:,}) can't be read. {guess} "
            "(nothing is decoded by guess, because a wrong guess damages text silently)."
        )


class PageNotRecognised(WireError):
    """The text doesn't look like the page of a story."""


class NoHeadlineFound(PageNotRecognised):
    """No line could be told to be the headline."""

    def __init__(self) -> None:
        super().__init__(
            "No headline was found: no short line stands above the story's text. "
            "Put the headline on a line of its own above the text and import again."
        )


class NoBodyFound(PageNotRecognised):
    """No running text."""

    def __init__(self) -> None:
        super().__init__(
            "No story was found: the dump has no running text, only short lines. "
            "Check that the whole page was saved."
        )


class BadRetrievalTime(WireError):
    """When the page was saved isn't said, or not exactly enough."""

    def __init__(self, value: str, reason: str) -> None:
        super().__init__(
            f"--retrieved is “{value[:60]}”, {reason}. Give the moment at which the page was "
            "saved with its time zone, for example 2025-12-05T12:00:00Z or "
            "2025-12-05T13:00:00+01:00."
        )


class PageRefused(WireError):
    """The page was recognised but the newsroom can't take it as it is."""

    def __init__(self, headline: str, faults: list[str]) -> None:
        super().__init__(
            f"“{headline[:80]}” was not imported: {' '.join(faults)} Nothing was changed."
        )


class NoSectionNamed(WireError):
    """Neither the page nor the caller says where the story belongs."""

    def __init__(self) -> None:
        super().__init__(
            "The page names no section. Name one with --section, as in --section World."
        )


class NoReasonGiven(WireError):
    """A take was to be set aside without a reason."""

    def __init__(self, headline: str) -> None:
        super().__init__(f"“{headline[:80]}” can only be set aside with a reason. Give one.")


class TakeAlreadyUsed(WireError):
    """A take that became an article was to be set aside."""

    def __init__(self, headline: str) -> None:
        super().__init__(
            f"“{headline[:80]}” already became an article. Unpublish or kill the article instead."
        )
