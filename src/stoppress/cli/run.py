"""`stoppress run …`: one process of a newsroom alone, as systemd or a container starts it."""

import os
import signal
import sys
import threading

import click
import structlog

from stoppress.cli.errors import CommandFault
from stoppress.cli.opening import open_newsroom, open_options
from stoppress.config import options as declared
from stoppress.config.options import Options
from stoppress.config.sockets import app_socket, make_socket_folder

KEEP_ALIVE_SECONDS = 60
END_SECONDS = 3

log = structlog.get_logger("stoppress.run")


@click.group()
def run() -> None:
    """Run one process alone (for systemd and containers); `serve` runs all four.

    \b
    edge     answers readers from the store, passes the rest to the app
    app      renders pages and the desk, on a Unix socket
    printer  prints changed pages; one per machine
    clock    schedules, totals, wires; of many exactly one acts
    """


@run.command()
def app() -> None:
    """Run the app: Django and Wagtail, behind the edge, on a Unix socket."""
    options = open_newsroom()
    from stoppress.cli.schema import require_exact_fit

    require_exact_fit()
    socket = app_socket(options[declared.RUN_DIR])
    make_socket_folder(socket)
    import uvicorn

    uvicorn.run(
        "stoppress.config.asgi:application",
        uds=str(socket),
        loop="uvloop",
        http="httptools",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips="*",  # only this user's edge can reach the socket
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=END_SECONDS,
    )


@run.command()
def printer() -> None:
    """Run the printer: prints every page that a change touches."""
    open_newsroom()
    from stoppress.press.errors import PrinterAlreadyRuns
    from stoppress.press.printer import run_printer

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        run_printer(stop)
    except PrinterAlreadyRuns as error:
        raise CommandFault(str(error)) from error


@run.command()
def clock() -> None:
    """Run the clock: schedules to the second, totals of views, wires."""
    options = open_newsroom()
    from stoppress.cli.clock import run_clock

    run_clock(is_demo=options[declared.DEMO_WIRE])


@run.command()
@click.option("--fd", type=int, help="Serve on this open listening socket, as serve hands it over.")
@click.option("--host", help="Listen on this address; default: the setting.")
@click.option("--port", type=click.IntRange(1, 65_535), help="Listen on this port.")
def edge(fd: int | None, host: str | None, port: int | None) -> None:
    """Run one edge worker: answers readers from the store."""
    options = open_options()
    command = edge_command(options, fd, host, port)
    if "STOPPRESS_READER_KEY" not in os.environ:
        log.warning(
            "no STOPPRESS_READER_KEY: repeats are recognised by this worker only; several workers "
            "on one machine need the same random key"
        )
    os.execv(command[0], command)  # noqa: S606


def edge_command(options: Options, fd: int | None, host: str | None, port: int | None) -> list[str]:
    """The edge's own command line for this newsroom."""
    where = ["--fd", str(fd)]
    if fd is None:
        where = ["--host", host or options[declared.HOST]]
        where += ["--port", str(port or options[declared.PORT])]
    return [
        *(sys.executable, "-m", "stoppress.edge", *where),
        *("--store", str(options[declared.STORE_DIR])),
        *("--store-max-bytes", str(options[declared.STORE_MAX_BYTES])),
        *("--journal", str(options[declared.JOURNAL_DIR])),
        *("--app-socket", str(app_socket(options[declared.RUN_DIR]))),
        *("--static", str(options.home / "data" / "static")),
        *("--media", str(options[declared.MEDIA_DIR])),
        *("--origin", options[declared.ORIGIN]),
    ]
