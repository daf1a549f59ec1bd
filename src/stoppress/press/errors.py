"""What can go wrong in the press room; every text says what to do."""

from django.core.exceptions import ImproperlyConfigured


class PressError(Exception):
    """The family of the press room's errors."""


class BadTag(PressError, ValueError):
    """A tag that the store could not keep."""

    def __init__(self, tag: object) -> None:
        super().__init__(
            f"{tag!r} is no tag. Write a kind, a colon and a name without spaces, as in "
            f'"article:7", in at most 200 characters.'
        )


class BadPath(PressError, ValueError):
    """An address that no edition can have."""

    def __init__(self, path: object) -> None:
        super().__init__(f"{path!r} is no address of an edition. It must start with one slash.")


class UnguardedWrite(PressError):
    """A watched table was written outside changing()."""

    def __init__(self, table: str, sql: str) -> None:
        super().__init__(
            f"The table {table} was written outside changing(), so no reader's page would hear of "
            f"it. Write it in `with changing(...) as change:` and touch its tags. "
            f"The statement: {sql[:200]}"
        )


class UntoldWrite(PressError):
    """A watched table was written inside changing(), but no tag was touched."""

    def __init__(self, what: str, tables: frozenset[str]) -> None:
        super().__init__(
            f'The change "{what}" wrote {", ".join(sorted(tables))} but touched no tag. Call '
            f"change.touch(), or change.unseen(Model) if readers see nothing of it."
        )


class NothingRecorded(PressError):
    """A function marked @reads returned without record()."""

    def __init__(self, function: str) -> None:
        super().__init__(
            f"{function} is marked @reads but recorded nothing. Call record() with the tags that "
            f"decide what it returns, also when it finds nothing."
        )


class UnrecordedRead(PressError):
    """A render ran SQL outside the functions that record."""

    def __init__(self, path: str, statements: list[str]) -> None:
        super().__init__(
            f"{path} read the database outside @reads functions, so nobody could tell when to "
            f"print it again. Move into one: {statements[0][:300]}"
        )


class SharedAnswerChangeable(PressError):
    """An answer that renders share could be changed by one of them."""

    def __init__(self, function: str, kind: str) -> None:
        super().__init__(
            f"{function} keeps its answer for other renders, but a {kind} in it can be changed. "
            f"Return tuples, frozen dataclasses and read-only mappings."
        )


class RenderTookTooLong(PressError):
    """A page that was not finished within its time."""

    def __init__(self, path: str, seconds: float) -> None:
        super().__init__(
            f"{path} was not finished after {seconds:g} s and was given up. "
            f"Look for a loop or a slow query in its view or template."
        )


class FailedInCrew(PressError):
    """A page failed in another process; the text is the cause as that process saw it."""


class WriteInRender(PressError):
    """A render tried to write."""

    def __init__(self, sql: str) -> None:
        super().__init__(
            f"A page tried to write while it was rendered: {sql[:200]}. "
            f"Do that work before publishing."
        )


class RenderInTransaction(PressError):
    """A page was to be printed inside a transaction, where it would see what may never be."""

    def __init__(self) -> None:
        super().__init__(
            "A page can't be printed inside a transaction: it would show what is not committed. "
            "Print it after the block has ended."
        )


class NotPublic(PressError):
    """The address belongs to no view that was declared public."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is not declared public. Only views marked @public have editions.")


class PrivateAnswer(PressError):
    """A public view gave an answer that may not be shared."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(
            f"{path} is declared public, but its answer {why}. Remove that, or the @public."
        )


class PageNotFound(PressError):
    """The view of a public address says that there is no such page."""

    def __init__(self, path: str) -> None:
        super().__init__(f"There is no page at {path}.")


class PageFailed(PressError):
    """The view of a public address answered with a status that is never stored."""

    def __init__(self, path: str, status: int) -> None:
        super().__init__(
            f"{path} answered {status}. Only 200, 301, 308 and 410 can be stored; "
            f"see the log for the cause."
        )


class PrinterAlreadyRuns(PressError):
    """Two printers on one node."""

    def __init__(self, path: object, holder: str) -> None:
        super().__init__(
            f"A printer already runs on this node (process {holder} holds {path}). "
            f"Leave the work to it, or stop it first."
        )


class BadGuardSetting(PressError, ImproperlyConfigured):
    """PRESS_GUARD has an unknown value."""

    def __init__(self, value: object) -> None:
        super().__init__(f'PRESS_GUARD is {value!r}. Set it to "tag" or "raise".')


class PurgeFailed(PressError):
    """An outer cache did not drop what it was told to."""

    def __init__(self, cache: str, why: str) -> None:
        super().__init__(
            f"The outer cache {cache} could not be purged: {why}. It may show old pages until it "
            f"can; we try again by ourselves. Check that it runs and lets this machine purge it."
        )


class BadPurgeBackend(PressError):
    """One of Wagtail's front-end cache backends can't be made of what the settings say."""

    def __init__(self, name: str, error: Exception) -> None:
        why = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
        super().__init__(
            f"STOPPRESS_PURGE_BACKENDS names “{name}”, which can't be used: {why}. See Wagtail's "
            f"documentation of its front-end cache backends for what each needs."
        )
