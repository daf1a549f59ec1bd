"""`stoppress demo`: an invented paper to look around in, whose stories keep coming."""

import json
import os
import secrets
from pathlib import Path

import click

from stoppress.cli.errors import CommandFault
from stoppress.cli.init import refuse_wrong_folder
from stoppress.cli.listening import listen
from stoppress.cli.opening import start_django
from stoppress.cli.progress import counted, note, say
from stoppress.cli.serve import local_address, serve_newsroom
from stoppress.config import options as declared
from stoppress.config.options import HOME_VARIABLE, Options
from stoppress.config.reading import is_newsroom, read_options

LOGINS_FILE = "logins.json"
DEFAULT_FOLDER = "demo-newsroom"
DEFAULT_PORT = 8000
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnpr" for vowel in "aeio"]
PASSWORD_GROUPS, GROUP_SYLLABLES = 3, 3  # 40^9: some 47 bits


@click.command(short_help="Look around: make and serve an invented paper.")
@click.option(
    "--port",
    type=click.IntRange(1, 65_535),
    default=DEFAULT_PORT,
    show_default=True,
    help="Listen on this port.",
)
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path),
    default=DEFAULT_FOLDER,
    show_default=True,
    help="Where to keep the demo newsroom.",
)
@click.option(
    "--archive",
    type=click.IntRange(1, 2_000_000),
    metavar="STORIES",
    help="Give the paper an archive of so many stories (some minutes for 100,000).",
)
def demo(port: int, folder: Path, archive: int | None) -> None:
    """Make and serve a newsroom with an invented paper, to look around in.

    The first start makes it; later ones take it up again. Everything in it is fiction. An archive
    may be asked for at any start: it grows to the number, and goes on where it was interrupted.
    """
    home = folder.expanduser().resolve()
    refuse_wrong_folder(home)
    os.environ[HOME_VARIABLE] = str(home)
    os.environ["STOPPRESS_PORT"] = str(port)
    if not is_newsroom(home):
        listen(
            str(declared.HOST.default), port
        ).close()  # a taken port is told before the long work
        make_demo(home)
    elif not read_options(home)[declared.DEMO_WIRE]:
        raise CommandFault(
            f"{home} is a newsroom, but no demonstration: a demo would publish invented stories in "
            "it. Name another folder with --dir, or serve this one: stoppress serve."
        )
    if archive:
        make_archive(home, archive)
    serve_newsroom(announce)


def make_demo(home: Path) -> None:
    """Found the demo newsroom and fill it."""
    from stoppress.demo import paper

    # Reports of every story of the wire would push the logins off the screen.
    chosen: dict[str, object] = {**paper.SETTINGS, "demo_wire": True, "log_level": "warning"}
    start_django(home, chosen)
    from stoppress.cli.demo_staff import hire
    from stoppress.cli.founding import Founding
    from stoppress.demo.newsroom import Prepared, fill, prepared

    def furnish(prepared_paper: Prepared) -> None:
        logins = hire(make_password())
        file = home / LOGINS_FILE
        file.write_text(json.dumps(logins, indent=1), encoding="utf-8")
        file.chmod(0o600)
        with counted("Pictures are drawn and stories written") as progress:
            fill(prepared_paper, progress)

    with prepared() as ready:  # drawing goes on beside the making of the database
        Founding(home, chosen).carry_out(None, lambda: furnish(ready))
    say(f"The demo newsroom is in {home}")


def make_archive(home: Path, size: int) -> None:
    """Let the demo newsroom have an archive of this size, in the lists, addresses and search."""
    start_django(home)
    from stoppress.cli.schema import require_exact_fit
    from stoppress.demo.archive import extend
    from stoppress.newsroom.bulk.afterwards import rebuild_search, take_stock

    require_exact_fit()
    with counted(f"The archive has {size:,} stories") as progress:
        added = extend(size, progress)
    if added:
        with counted("Readers find them by their words") as progress:
            rebuild_search(progress)
        take_stock()
        note("Not made: references and the desk's search. For them: stoppress rebuild --help")


def make_password() -> str:
    """A password that a person can type."""
    groups = (
        "".join(secrets.choice(SYLLABLES) for _ in range(GROUP_SYLLABLES))
        for _ in range(PASSWORD_GROUPS)
    )
    return "-".join(groups)


def announce(options: Options, seconds: float) -> None:
    """Say where the demo is and who can log in."""
    address = local_address(options)
    note(f"\n{options[declared.PAPER_NAME]}, an invented paper, is served ({seconds:.1f} s):")
    note(f"  readers  {address}/")
    note(f"  desk     {address}/desk/")
    file = options.home / LOGINS_FILE
    if file.is_file():
        for login in json.loads(file.read_text(encoding="utf-8")):
            note(f"  login    {login['username']:<9} {login['password']}   ({login['about']})")
    note("A story lands every 20 to 60 seconds. Ctrl-C ends it.")
