"""What can go wrong at the edge.

EdgeError
├── StoreError
│   ├── StaleEdition          a render lost against a newer change; render again
│   ├── ChangeOutOfOrder      a change was applied after a later one
│   ├── StoreVersionMismatch  the folder was written by another format
│   └── StoreUnavailable      the folder can't be opened, read or written
│       ├── StoreFull         no room, even after eviction
│       ├── StoreReplaced     the folder is not the one that was opened
│       └── StoreDamaged      the file is no sound database any more; set it aside
├── JournalError
│   ├── JournalVersionMismatch
│   ├── JournalOfAnotherMachine
│   └── JournalUnavailable    a view could not be made durable; it must not be acknowledged
├── CertificateUnusable       a certificate or its key that can't be served
├── CountryDatabaseUnusable   a database of countries that can't be read
├── BadTarget                 a request target that names no page
├── BodyTooLarge              a request carries more than is allowed
├── EdgeBusy                  too many pages are being made already
└── AppUnavailable            the app did not answer in time, or not at all
"""

from __future__ import annotations

from pathlib import Path

DAMAGED_EXIT_CODE = 65  # EX_DATAERR of sysexits.h: tells a supervisor to set the store aside


class EdgeError(Exception):
    """Root of the family."""


class StoreError(EdgeError):
    """The store refused or failed."""


class StaleEdition(StoreError):
    """An edition whose render began before something it depends on changed."""

    def __init__(self, path: str, rendered_at: int, cause: str, changed_at: int) -> None:
        super().__init__(
            f"{path} was rendered at change {rendered_at} but {cause} changed at {changed_at}. "
            "Render it again."
        )
        self.path = path
        self.rendered_at = rendered_at
        self.cause = cause
        self.changed_at = changed_at


class ChangeOutOfOrder(StoreError):
    """A change that is not above the last one applied."""

    def __init__(self, number: int, applied: int) -> None:
        super().__init__(
            f"Change {number} can't be applied: the store has already applied change {applied}. "
            "Read changes above the applied number; if the database was restored, discard the "
            "store."
        )


class StoreVersionMismatch(StoreError):
    """A folder of another format."""

    def __init__(self, directory: object, found: str, expected: str) -> None:
        super().__init__(
            f"{directory} holds a store of format {found}; this version reads format {expected}. "
            "Remove the folder (it is refilled by itself) or run the version that wrote it."
        )


class StoreUnavailable(StoreError):
    """The store can't be used now."""


class StoreFull(StoreUnavailable):
    """The map is full."""

    def __init__(self, directory: object, max_bytes: int, held_by: int | None = None) -> None:
        remedy = "raise STOPPRESS_STORE_MAX_BYTES and restart"
        if held_by is not None:
            remedy = f"process {held_by} holds what was freed, by a read that does not end: end it"
        super().__init__(
            f"The store {directory} is full at {max_bytes} bytes, and letting editions go makes no "
            f"room. It keeps serving what it has; {remedy}."
        )


class StoreDamaged(StoreUnavailable):
    """The folder's file was cut short, overwritten, or never was a store."""

    def __init__(self, directory: object, why: object) -> None:
        super().__init__(
            f"The store {directory} is damaged ({why}). Under `stoppress serve` it is set aside by "
            "itself; else remove the folder: it is refilled by itself."
        )


class StoreReplaced(StoreUnavailable):
    """The folder was removed, moved or replaced while it was open, or LMDB gave the handle up."""

    def __init__(self, directory: object) -> None:
        super().__init__(
            f"The store {directory} is not the one that was opened: it was removed, moved or "
            "replaced, or could not be used any more. It is opened anew and refills by itself."
        )


class JournalError(EdgeError):
    """The journal refused or failed."""


class JournalVersionMismatch(JournalError):
    """A folder of another format."""

    def __init__(self, directory: object, found: str, expected: str) -> None:
        super().__init__(
            f"{directory} holds a journal of format {found}; this version reads format {expected}. "
            "It may hold views that are not totalled yet: run the version that wrote it to ship "
            "them, then move the folder away."
        )


class JournalOfAnotherMachine(JournalError):
    """A folder that another machine wrote, as after a disk was copied."""

    def __init__(self, directory: Path, file: Path) -> None:
        super().__init__(
            f"{directory} is the journal of another machine: both would count under one number, "
            f"and the totals would take one's views for the other's. Name another folder; or, if "
            f"that machine is gone for good, remove {file} to take its journal over."
        )


class JournalUnavailable(JournalError):
    """The journal can't be written or read now."""


class CertificateUnusable(EdgeError):
    """A certificate or key that browsers or we could not use."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(f"{file} {why}")


class CountryDatabaseUnusable(EdgeError):
    """A file that tells no countries; the reason ends with what to do."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(f"The database of countries {file} {why}, or name none.")


class ReportRefused(EdgeError):
    """A report of reading that is not counted, by rule; `status` is what its sender is answered."""

    status = 400


class ReplayedVisit(ReportRefused):
    """A visit that was reported before."""

    status = 409

    def __init__(self) -> None:
        super().__init__("This visit was counted already. A page draws a new one when it is shown.")


class UnknownVisit(ReportRefused):
    """How a visit went, of which we know no view."""

    status = 404

    def __init__(self) -> None:
        super().__init__("No view of this visit was reported today. Report the view first.")


class BadTarget(EdgeError):
    """A request target that can't name a page."""


class BodyTooLarge(EdgeError):
    """A request's body is over the limit."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(f"A request's body may have at most {max_bytes} bytes.")


class EdgeBusy(EdgeError):
    """Too many pages are asked for that the store does not have."""

    def __init__(self) -> None:
        super().__init__("Too many pages are being made at once. Try again in a few seconds.")


class AppUnavailable(EdgeError):
    """The app behind the edge did not answer."""

    def __init__(self, why: str, *, timed_out: bool = False) -> None:
        super().__init__(f"The app did not answer: {why}.")
        self.timed_out = timed_out
