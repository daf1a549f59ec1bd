"""What can go wrong for whoever types a command, and what they are told.

A user's mistake is a ClickException whose text says what to do, never a traceback. Errors of the
system (a full disk, a read-only folder, a database out of reach) are put into such words here.

ClickException
└── CommandFault         a sentence and an exit code of 1
    ├── NotANewsroom
    ├── AlreadyServed
    ├── StoreOfAnother
    └── OutOfDate        the database doesn't fit this version
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from stoppress.config.errors import ConfigurationError

REMEDIES = {
    errno.EROFS: "is on a read-only disk. Mount it writable, or choose another folder",
    errno.EACCES: "may not be used by this user. Grant access, or choose another folder",
    errno.EPERM: "may not be used by this user. Grant access, or choose another folder",
    errno.ENOSPC: "is on a full disk. Make room, then try again",
    errno.EDQUOT: "is over this user's quota. Make room, then try again",
    errno.ENOENT: "is missing. `stoppress init` makes what is missing",
    errno.ENOTDIR: "is below something that is a file. Choose another folder",
    errno.EMFILE: "can't be opened: too many open files. Raise the limit (ulimit -n)",
    errno.ENAMETOOLONG: "has too long a name. Choose a shorter one",
}
FORBIDDEN = frozenset({errno.EACCES, errno.EPERM})


class CommandFault(click.ClickException):
    """A command can't go on; the text says why and what to do."""


class NotANewsroom(CommandFault):
    """The folder has no stoppress.toml."""

    def __init__(self, home: Path) -> None:
        super().__init__(
            f"{home} is no newsroom: it has no stoppress.toml. Change into your newsroom's folder, "
            "name it with STOPPRESS_HOME, or make one: stoppress init DIR."
        )


class AlreadyServed(CommandFault):
    """Another supervisor serves this newsroom on this machine."""


class StoreOfAnother(CommandFault):
    """The store belongs to another newsroom that is running."""

    def __init__(self, store: Path, other: str) -> None:
        super().__init__(
            f"{store} is the store of the newsroom in {other or 'another folder'}, which is "
            "running. Two newsrooms can't share one: set STOPPRESS_STORE_DIR to a folder of this "
            "one's own."
        )


class OutOfDate(CommandFault):
    """The database is older or newer than the program."""


@contextmanager
def told_plainly() -> Iterator[None]:
    """Put errors of configuration, files and database into words for the person at the keyboard."""
    try:
        yield
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except ConfigurationError as error:
        raise CommandFault(str(error)) from error
    except OSError as error:
        raise CommandFault(explain_os_error(error)) from error
    except Exception as error:
        text = explain_database_error(error)
        if text is None:
            raise
        raise CommandFault(text) from error


def explain_os_error(error: OSError) -> str:
    """What happened to which file, and the remedy if we know one."""
    remedy = REMEDIES.get(error.errno or 0)
    if error.filename is None or remedy is None:
        return f"{error}."
    if error.errno in FORBIDDEN and (home := _missing_in(error.filename)) is not None:
        return (
            f"{os.fspath(error.filename)!s} can't be made: this user may not write in {home}. "
            "Grant access, or choose another folder."
        )
    return f"{os.fspath(error.filename)!s} {remedy}."


def _missing_in(file: str | bytes | os.PathLike[str]) -> Path | None:
    """The folder that should hold a file that isn't there yet; None if it is there."""
    path = Path(os.fsdecode(file))
    with suppress(OSError):  # who may not look in doesn't know
        if not path.exists() and path.parent.is_dir():
            return path.parent
    return None


def explain_database_error(error: Exception) -> str | None:
    """What to do about a database that can't be used; None for any other error."""
    from django.db import DatabaseError, InterfaceError

    if not isinstance(error, DatabaseError | InterfaceError):
        return None
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return (
        f"The database can't be used: {reason}. Look at STOPPRESS_DATABASE and that the database "
        "runs and may be written; `stoppress doctor` checks it."
    )
