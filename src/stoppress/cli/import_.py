"""`stoppress import`: stories from elsewhere."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from stoppress.cli.errors import CommandFault
from stoppress.cli.import_report import show_import, show_recognised
from stoppress.wires.errors import TooLarge, WireError
from stoppress.wires.moments import read_retrieved
from stoppress.wires.pagedump import MAX_BYTES, decode, recognise

if TYPE_CHECKING:
    from stoppress.wires.page_import import Report


@click.group(name="import")
def import_() -> None:
    """Take in stories from elsewhere."""


@import_.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--section",
    default="",
    metavar="NAME",
    help="The section to file the story in; made if there is none. Default: the page's own.",
)
@click.option(
    "--retrieved",
    required=True,
    metavar="TIME",
    help="When the page was saved, with time zone: 2025-12-05T12:00:00Z. Ages count from here.",
)
@click.option("--publish", "publish_it", is_flag=True, help="Publish it; else it stays a draft.")
@click.option("--dry-run", is_flag=True, help="Only show what is recognised; change nothing.")
def page(file: Path, section: str, retrieved: str, publish_it: bool, dry_run: bool) -> None:
    """Import the plain text of a page as an article, its rail as takes.

    FILE is text as copied from a browser or dumped by one; - reads standard input. Shows what was
    recognised, what was unsure, and suspected damage to the text, none of which is mended. All of
    the page is imported or nothing; a page imported before is left alone.
    """
    try:
        moment = read_retrieved(retrieved)
        name, data = _read(file)
        text = decode(data)
        dump = recognise(text, moment)
        show_recognised(name, dump)
        if not dry_run:
            show_import(_import(text, moment, section, name, publish_it))
    except WireError as error:
        raise CommandFault(str(error)) from error


def _import(text: str, moment: datetime, section: str, name: str, publish_it: bool) -> "Report":
    from stoppress.cli.opening import open_newsroom

    open_newsroom()
    from stoppress.newsroom.errors import NewsroomError
    from stoppress.wires.page_import import import_page

    try:
        return import_page(text, moment, section=section, source=name, publish_it=publish_it)
    except NewsroomError as error:
        raise CommandFault(str(error)) from error


def _read(file: Path) -> tuple[str, bytes]:
    """The name and the bytes of a dump; never more than a byte above what is allowed."""
    if str(file) == "-":
        return "standard input", _limited(sys.stdin.buffer)
    if file.is_dir():
        raise CommandFault(f"{file} is a folder. Name the text file of one page.")
    if not file.exists():
        raise CommandFault(f"{file} does not exist. Name the text file that the page was saved in.")
    with file.open("rb") as opened:
        return file.name, _limited(opened, size=file.stat().st_size)


def _limited(stream: BinaryIO, size: int | None = None) -> bytes:
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise TooLarge(size, MAX_BYTES)
    return data
