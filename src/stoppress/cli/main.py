"""The `stoppress` command. Its help is the first page that a newcomer reads.

Commands are imported when they are called: `stoppress --help` needs neither Django nor the edge.
"""

import importlib
from typing import Any

import click

from stoppress import __version__
from stoppress.cli.errors import told_plainly

COMMANDS = {  # name: where it is; in the order the help shows them
    "init": "stoppress.cli.init:init",
    "serve": "stoppress.cli.serve:serve",
    "demo": "stoppress.cli.demo:demo",
    "import": "stoppress.cli.import_:import_",
    "export": "stoppress.cli.export:export",
    "doctor": "stoppress.cli.doctor:doctor",
    "receipt": "stoppress.cli.receipt:receipt",
    "rebuild": "stoppress.cli.rebuild:rebuild",
    "recount": "stoppress.cli.recount:recount",
    "reconcile": "stoppress.cli.reconcile:reconcile",
    "run": "stoppress.cli.run:run",
    "version": "stoppress.cli.main:version",
}

FIRST_STEPS = """\
Stoppress publishes news: journalists write at the desk, readers get finished pages within a blink
of the Publish click, and every number on them is true.

\b
First steps:
  stoppress demo                  look around: an invented paper with stories that keep coming
  stoppress init mypaper          make a newsroom of your own in the folder mypaper
  cd mypaper && stoppress serve   serve it; the desk is at /desk/
  stoppress doctor                check it, and hear what to do about each fault

A newsroom is a folder: its settings (stoppress.toml), its database, its pictures. Commands use the
newsroom in the current folder, or the one that STOPPRESS_HOME names. A variable such as
STOPPRESS_PORT wins over the file.
"""


class Commands(click.Group):
    """A group that imports a command only when it is wanted, and reports faults in plain words."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """The commands in the order a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """The command of this name, imported now."""
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name].split(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)  # noqa: S101
        return command

    def invoke(self, context: click.Context) -> Any:
        """Run the command; a fault of the newsroom becomes a sentence and an exit code."""
        with told_plainly():
            return super().invoke(context)


@click.group(
    cls=Commands,
    help=FIRST_STEPS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="stoppress", message="%(prog)s %(version)s")
def main() -> None:
    """Be the door to every command."""


@click.command(short_help="Say which versions run here.")
def version() -> None:
    """Say which versions of Stoppress and of its main parts run here."""
    import platform
    from importlib.metadata import version as installed

    click.echo(f"stoppress {__version__}")
    click.echo(f"python {platform.python_version()}")
    for part in ("django", "wagtail", "lmdb", "uvicorn"):
        click.echo(f"{part} {installed(part)}")
