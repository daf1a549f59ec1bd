"""`stoppress recount`: the totals held against the journals they were shipped from."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stoppress.cli.errors import CommandFault
from stoppress.cli.opening import open_newsroom
from stoppress.cli.progress import console, note, say
from stoppress.config import options as declared

if TYPE_CHECKING:
    from stoppress.edge.journal import Journal
    from stoppress.readership.rebuilding import Account
    from stoppress.readership.recount import Recount

SHOWN_AT_MOST = 50
Folders = tuple[Path, ...]


@click.command(short_help="Prove that the totals are what the journals counted.")
@click.option(
    "--journal",
    "more",
    multiple=True,
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Another machine's journal, or a copy of it; may be given several times.",
)
@click.option("--mend", is_flag=True, help="Put right what is proven wrong, in one transaction.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def recount(more: Folders, mend: bool, as_json: bool) -> None:
    """Add up anew what the journals have shipped, and compare it with the totals in the database.

    Says article by article, by hour, source and machine what differs; exit code 1 says that
    something does. Changes nothing without --mend. Takes this machine's journal and those named by
    --journal; what other machines counted, and hours whose batches were dropped, is left as it is,
    and told. May be run while views are counted.
    """
    options = open_newsroom()
    from stoppress.cli.schema import require_exact_fit
    from stoppress.readership import recount as recounting

    require_exact_fit()
    with _opened((options[declared.JOURNAL_DIR], *more)) as journals:
        with console.status("Adding up …"):
            found = recounting.compare(journals)
        if mend and found.differences:
            with console.status("Mending …"):
                found = recounting.mend(journals)
    is_mended = mend and bool(found.differences)
    if as_json:
        click.echo(json.dumps(_as_json(found, is_mended=is_mended), indent=1))
    else:
        _show(found, is_mended=is_mended)
    if found.faults or (found.differences and not is_mended):
        raise SystemExit(1)


@contextmanager
def _opened(folders: Folders) -> "Iterator[list[Journal]]":
    """The journals in these folders, each once; none is made. Raises CommandFault."""
    from stoppress.edge.environments import DATA_FILE
    from stoppress.edge.errors import EdgeError
    from stoppress.edge.journal import Journal

    there = [folder for folder in dict.fromkeys(folders) if (folder / DATA_FILE).exists()]
    if not there:
        raise CommandFault(
            f"There is no journal in {folders[0]}: nothing was counted on this machine yet. Run "
            "this where the newsroom is served, or name a journal with --journal."
        )
    journals: dict[str, Journal] = {}
    try:
        for folder in there:
            journal = Journal.open(folder)
            if journal.node in journals:
                journal.close()
            journals.setdefault(journal.node, journal)
        yield list(journals.values())
    except EdgeError as error:
        raise CommandFault(str(error)) from error
    finally:
        for journal in journals.values():
            journal.close()


def _show(found: "Recount", *, is_mended: bool) -> None:
    for account in found.accounts:
        note(_told_of(account))
    for node in found.absent:
        note(f"Machine {node}: not compared, its journal is not at hand (--journal DIR).")
    start = f"from {found.proven_from:%Y-%m-%d %H:00} UTC on" if found.proven_from else "all"
    note(f"Compared: {found.compared:,} rows, {start}. Left as they are: {found.not_proven:,}.")
    for fault in found.faults:
        note(fault)
    for difference in found.differences[:SHOWN_AT_MOST]:
        note(
            f"  article {difference.article}, {difference.where}: {difference.what} "
            f"{difference.has:,}, the journals say {difference.due:,}"
        )
    if len(found.differences) > SHOWN_AT_MOST:
        note(f"  and {len(found.differences) - SHOWN_AT_MOST:,} more; --json has all")
    if is_mended:
        count = len(found.differences)
        say(f"{count:,} numbers were put right. Printed counts follow by their rule.")
    elif found.differences:
        note(f"{len(found.differences):,} numbers differ. --mend puts them right.")
    elif not found.faults:
        say("Totals and journals agree.")


def _told_of(account: "Account") -> str:
    if not account.newest:
        return f"Machine {account.node}: nothing counted yet."
    kept = f"batches {account.oldest:,} to {account.newest:,}"
    text = f"Machine {account.node}: {kept} kept, {account.applied:,} is the last in the totals."
    if account.unshipped:
        text += f" {account.unshipped:,} wait to be shipped."
    return text


def _as_json(found: "Recount", *, is_mended: bool) -> dict[str, object]:
    return {
        "agrees": found.agrees,
        "mended": is_mended,
        "nodes": [
            {
                "node": account.node,
                "journal": account.folder,
                "oldest_batch": account.oldest,
                "newest_batch": account.newest,
                "applied_batch": account.applied,
                "unshipped": account.unshipped,
                "sealed": account.is_sealed,
                "whole": account.is_whole,
            }
            for account in found.accounts
        ],
        "absent_nodes": found.absent,
        "proven_from": found.proven_from and found.proven_from.isoformat(),
        "compared": found.compared,
        "not_proven": found.not_proven,
        "faults": found.faults,
        "differences": [
            {
                "article": one.article,
                "what": one.what,
                "where": one.where,
                "has": one.has,
                "due": one.due,
            }
            for one in found.differences
        ],
    }
