"""`stoppress init DIR`: make a newsroom of a folder, or bring one up to date."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stoppress.cli.errors import CommandFault
from stoppress.cli.opening import start_django
from stoppress.cli.progress import note, say
from stoppress.config import options as declared
from stoppress.config.reading import fit_value, is_newsroom, read_options

if TYPE_CHECKING:
    from stoppress.cli.founding import Editor


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--paper", metavar="NAME", help="The paper's name.")
@click.option("--name", help="The first editor's name.")
@click.option("--email", help="The first editor's e-mail address; also the login.")
@click.option(
    "--password", help="The first editor's password, or - to read it from standard input."
)
def init(
    folder: Path, paper: str | None, name: str | None, email: str | None, password: str | None
) -> None:
    """Make a newsroom in the folder DIR, with its first editor.

    Asks for the editor's name, e-mail address and password unless they are given. In a folder
    that is a newsroom already it makes what is missing and brings the database up to date; run it
    after installing a new version.
    """
    home = folder.expanduser().resolve()
    refuse_wrong_folder(home)
    read_options(home)  # its faults come before any question
    chosen = {} if paper is None else {"paper_name": fit_value(declared.PAPER_NAME, paper, home)}
    start_django(home, chosen)
    from stoppress.cli.founding import Founding

    founding = Founding(home, chosen)
    is_new = not is_newsroom(home)
    editor = None
    if is_new or founding.has_no_editor():
        editor = ask_for_editor(name, email, password)
    elif name or email or password:
        raise CommandFault(
            f"{home} is a newsroom that has editors; further ones are added at the desk, under "
            "Settings, Users. Nothing was changed."
        )
    founding.carry_out(editor)
    if not is_new:
        say(f"{home} is a newsroom already: it is complete and up to date.")
        return
    say(f"{home} is a newsroom now.")
    note(f"\nNext:\n  cd {_shown(home)}\n  stoppress serve\n\nSettings: {home}/stoppress.toml")


def refuse_wrong_folder(home: Path) -> None:
    """A newsroom is made in a new or an empty folder, never among other people's files."""
    if home.exists() and not home.is_dir():
        raise CommandFault(f"{home} is a file. Name a folder that is new or empty.")
    if home.is_dir() and not is_newsroom(home) and any(home.iterdir()):
        raise CommandFault(
            f"{home} has files in it and is no newsroom. Name a folder that is new or empty."
        )


def ask_for_editor(name: str | None, email: str | None, password: str | None) -> "Editor":
    """The first editor, from the options and, for what they lack, from the person asked."""
    from stoppress.cli.founding import Editor

    if password == "-":  # noqa: S105
        password = sys.stdin.readline().rstrip("\r\n")
    if None in (name, email, password) and not sys.stdin.isatty():
        raise click.UsageError("Without a terminal to ask at, give --name, --email and --password.")
    editor = Editor(
        name=name if name is not None else click.prompt("The first editor's name"),
        email=email if email is not None else click.prompt("E-mail address"),
        password=password
        if password is not None
        else click.prompt("Password", hide_input=True, confirmation_prompt=True),
    )
    editor.validate()
    return editor


def _shown(home: Path) -> str:
    return os.path.relpath(home) if len(os.path.relpath(home)) < len(str(home)) else str(home)
