"""What can go wrong with an export; every text says what to do.

PressError
└── ExportError
    ├── NotAnExport       the folder holds something else
    ├── ExportOfAnother   another newsroom's export
    ├── ExportRuns        two at once
    ├── ManifestBroken
    ├── FileInTheWay
    ├── Unplaceable       an address no file can have
    └── PartFailed        what a page shows could not be printed
"""

from pathlib import Path

from stoppress.press.errors import PressError


class ExportError(PressError):
    """The family of an export's errors."""


class NotAnExport(ExportError):
    """The folder holds files that no export wrote."""

    def __init__(self, folder: Path, found: str) -> None:
        super().__init__(
            f"{folder} is no export: it holds {found}, but no list of exported files. Name an "
            "empty or a new folder."
        )


class ExportOfAnother(ExportError):
    """The folder is the export of another newsroom."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} is the export of another newsroom, whose files would be removed. Name "
            "another folder, or empty this one first."
        )


class ExportRuns(ExportError):
    """Another process works in the folder."""

    def __init__(self, folder: Path, holder: str) -> None:
        super().__init__(
            f"Another export into {folder} is running (process {holder or 'unknown'}). Wait "
            "until it has ended."
        )


class NothingExported(ExportError):
    """There is nothing to verify."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} holds no finished export. Make one: stoppress export {folder}.")


class ManifestBroken(ExportError):
    """The list of exported files can't be read."""

    def __init__(self, manifest: Path, why: str) -> None:
        super().__init__(
            f"{manifest} can't be read ({why}), so nobody can tell which files are the export's. "
            "Export into a new folder."
        )


class FileInTheWay(ExportError):
    """A file that is not ours stands where one of ours must."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is in the way: the export has a file of that name, but did not write this "
            "one. Move it elsewhere, then export again."
        )


class Unplaceable(ExportError):
    """An address that no file can stand for."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path!r} can't be a file below the folder: a part of it is “.”, “..” or empty, or "
            "is longer than the 255 bytes that file systems allow."
        )


class PartFailed(ExportError):
    """A part of a page could not be printed, so the page is not whole."""

    def __init__(self, name: str, error: Exception) -> None:
        super().__init__(f"The part “{name}”, which it shows, could not be printed: {error}")
