"""`stoppress export`: the whole site as files."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.filesize import decimal

from stoppress.cli.errors import CommandFault
from stoppress.cli.opening import open_newsroom, open_options, start_django
from stoppress.cli.progress import counted, note, say

if TYPE_CHECKING:
    from stoppress.press.export.run import Outcome

NAMED_AT_MOST = 20


@click.command(short_help="Write the whole site as files for any web server.")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--verify", is_flag=True, help="Only compare DIR with what was exported.")
def export(directory: Path, verify: bool) -> None:
    """Write every page that readers can find into DIR, with pictures, styles and redirects.

    DIR is new, empty, or an earlier export of this newsroom: then only what changed is written,
    and what is gone is removed. May be run while the newsroom is served; interrupted, it can be
    run again. --verify reads every file back; exit code 1 says that one differs.
    """
    if verify:
        _verify(directory)
    else:
        _export(directory)


def _export(directory: Path) -> None:
    open_newsroom()
    from stoppress.cli.schema import require_exact_fit
    from stoppress.newsroom.embeds import FRAME_HOSTS
    from stoppress.press.export.errors import ExportError
    from stoppress.press.export.run import export as export_site

    require_exact_fit()
    began = time.monotonic()
    frames = [f"https://{host}" for host in FRAME_HOSTS]
    try:
        with counted(f"The site is in {directory}") as tell:
            outcome = export_site(directory.absolute(), tell, frame_hosts=frames)
    except ExportError as error:
        raise CommandFault(str(error)) from error
    _show(outcome, time.monotonic() - began)
    if outcome.failed:
        count = len(outcome.failed)
        raise CommandFault(
            f"{count:,} {'page' if count == 1 else 'pages'} could not be printed. What DIR had of "
            "them before is left as it was. Mend the cause, then export again."
        )


def _show(outcome: "Outcome", seconds: float) -> None:
    for path, error in outcome.failed[:NAMED_AT_MOST]:
        note(f"{path} failed: {error}")
    for address in sorted(outcome.missing)[:NAMED_AT_MOST]:
        note(f"{address} is named by a page, but there is no such file.")
    tally = outcome.tally
    say(
        f"Change {outcome.change}: {tally.written:,} written, {tally.unchanged:,} unchanged, "
        f"{tally.removed:,} removed; {decimal(tally.bytes_written)} in {seconds:.1f} s"
    )


def _verify(directory: Path) -> None:
    start_django(open_options().home)
    from stoppress.press.export.errors import ExportError
    from stoppress.press.export.folder import differences

    try:
        count, found = differences(directory.absolute())
    except ExportError as error:
        raise CommandFault(str(error)) from error
    for text in found[:NAMED_AT_MOST]:
        note(text)
    if found:
        raise CommandFault(
            f"{len(found):,} of {count:,} files differ from what was exported. Remove those that "
            "differ, then export again: what is missing is written anew."
        )
    say(f"All {count:,} files are as they were exported")
