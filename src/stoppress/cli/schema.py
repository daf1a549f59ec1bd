"""Does the database fit the program? Older: it can be brought up to date. Newer: hands off."""

from enum import Enum

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from stoppress.cli.blank import fill_own_values, make_blank
from stoppress.cli.errors import OutOfDate

OUR_LABELS = {"press", "readership", "newsroom", "desk", "syndication", "wires", "dossiers"}


class Fit(Enum):
    """How the database relates to the program."""

    EXACT = "up to date"
    OLDER = "older than the program"
    NEWER = "newer than the program"


def database_fit() -> Fit:
    """Compare the migrations that the database has with those that the program brings."""
    executor = MigrationExecutor(connection)
    known = executor.loader.disk_migrations or {}
    applied = executor.loader.applied_migrations
    if any(key not in known for key in applied if key[0] in OUR_LABELS | {"wagtailcore"}):
        return Fit.NEWER
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return Fit.OLDER
    return Fit.EXACT


def require_exact_fit() -> None:
    """Raise OutOfDate unless program and database belong together."""
    fit = database_fit()
    if fit is Fit.OLDER:
        raise OutOfDate(
            "The database is older than this Stoppress. Make a backup, then bring it up to date: "
            "stoppress init ."
        )
    if fit is Fit.NEWER:
        refuse_newer()


def refuse_newer() -> None:
    """Say that another version has the database."""
    raise OutOfDate(
        "The database was made by a newer Stoppress. Install that version, or restore a backup "
        "made with this one. Nothing was changed."
    )


def bring_up_to_date() -> bool:
    """Make or migrate the database. True if there was something to do."""
    made = make_blank()
    fit = database_fit()
    if fit is Fit.NEWER:
        refuse_newer()
    if fit is Fit.OLDER:
        call_command("migrate", interactive=False, verbosity=0)
    if made:
        fill_own_values()
    return made or fit is Fit.OLDER
