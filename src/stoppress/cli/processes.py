"""The processes that make a newsroom, as the supervisor starts them."""

import os
import sys
import time

from stoppress.cli.children import Child
from stoppress.config import options as declared
from stoppress.config.logs import PROCESS_VARIABLE
from stoppress.config.options import HOME_VARIABLE, Options
from stoppress.edge.readerkeys import ReaderKeys


def newsroom_children(options: Options, listener: int, keys: ReaderKeys) -> tuple[Child, ...]:
    """Edge workers on the listening socket, app, printer and clock."""
    edges = [
        Child(
            name=f"edge-{number}",
            command=_command("edge", "--fd", str(listener), "--reader-key-on-stdin"),
            environment=_environment(options, f"edge-{number}"),
            secret=lambda: keys.to_text(time.time()),
            uses_store=True,
            ends_first=True,
            inherited=(listener,),
        )
        for number in range(1, options[declared.WORKERS] + 1)
    ]
    others = [
        Child(
            name=name,
            command=_command(name),
            environment=_environment(options, name),
            uses_store=name != "clock",
            follows_store=name == "app",
            waits_for_ready=name == "clock",
        )
        for name in ("app", "printer", "clock")
    ]
    return (*edges, *others)


def _command(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "stoppress.cli", "run", *arguments)


def _environment(options: Options, name: str) -> dict[str, str]:
    return {
        HOME_VARIABLE: str(options.home),
        PROCESS_VARIABLE: name,
        "STOPPRESS_SUPERVISED": str(os.getpid()),
    }
