"""`stoppress run …`: one process of a newsroom alone, as systemd or a container starts it."""

import signal
import sys
import threading

import click
import structlog

from stoppress.cli.claims import claim_store
from stoppress.cli.errors import CommandFault
from stoppress.cli.opening import open_newsroom, open_options
from stoppress.config import logs
from stoppress.config import options as declared
from stoppress.config.options import Options
from stoppress.config.sockets import app_socket, make_socket_folder

FORM_MAX_BYTES = 10 * 2**20  # what a form has beside its files
KEEP_ALIVE_SECONDS = 60
END_SECONDS = 1

log = structlog.get_logger("stoppress.run")


@click.group(short_help="Run one process alone, for systemd and containers.")
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
    options = open_newsroom(logs_all=True)
    from stoppress.cli.schema import require_exact_fit

    require_exact_fit()
    claim_store(options[declared.STORE_DIR], options.home)
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
    options = open_newsroom(logs_all=True)
    claim_store(options[declared.STORE_DIR], options.home)
    from stoppress.edge.errors import DAMAGED_EXIT_CODE, StoreDamaged
    from stoppress.press.errors import BadPurgeBackend, PrinterAlreadyRuns
    from stoppress.press.printer import run_printer

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        run_printer(stop)
    except (PrinterAlreadyRuns, BadPurgeBackend) as error:
        raise CommandFault(str(error)) from error
    except StoreDamaged as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(DAMAGED_EXIT_CODE)


@run.command()
def clock() -> None:
    """Run the clock: schedules to the second, totals of views, wires."""
    options = open_newsroom(logs_all=True)
    from stoppress.cli.clock import run_clock

    run_clock(is_demo=options[declared.DEMO_WIRE])


@run.command()
@click.option("--fd", type=int, help="Serve on this open listening socket, as serve hands it over.")
@click.option("--host", help="Listen on this address; default: the setting.")
@click.option("--port", type=click.IntRange(1, 65_535), help="Listen on this port.")
@click.option(
    "--reader-key-on-stdin",
    is_flag=True,
    help="Read the day's reader key, as serve says it; without, readers are known to this worker "
    "alone, so several on one machine would count repeats apart.",
)
def edge(fd: int | None, host: str | None, port: int | None, reader_key_on_stdin: bool) -> None:
    """Run one edge worker: answers readers from the store."""
    options = open_options()
    logs.configure({"level": options[declared.LOG_LEVEL], "format": options[declared.LOG_FORMAT]})
    claim_store(options[declared.STORE_DIR], options.home)
    from stoppress.edge.__main__ import main as edge_main

    arguments = edge_arguments(options, fd, host, port)
    if reader_key_on_stdin:
        arguments.append("--reader-key-on-stdin")
    sys.argv = ["stoppress run edge", *arguments]
    sys.exit(edge_main())


def edge_arguments(
    options: Options, fd: int | None, host: str | None, port: int | None
) -> list[str]:
    """What the edge is to be told about this newsroom: it reads no settings itself."""
    from stoppress.newsroom.embeds import FRAME_HOSTS  # knows no Django, nor must this process

    where = ["--fd", str(fd)]
    if fd is None:
        where = ["--host", host or options[declared.HOST]]
        where += ["--port", str(port or options[declared.PORT])]
    return [
        *where,
        *("--store", str(options[declared.STORE_DIR])),
        *("--store-max-bytes", str(options[declared.STORE_MAX_BYTES])),
        *("--journal", str(options[declared.JOURNAL_DIR])),
        *("--app-socket", str(app_socket(options[declared.RUN_DIR]))),
        *("--static", str(options.home / "data" / "static")),
        *("--media", str(options[declared.MEDIA_DIR])),
        *("--origin", options[declared.ORIGIN]),
        *("--most-from-network", str(options[declared.VIEWS_PER_NETWORK])),
        *("--max-body-bytes", str(options[declared.UPLOAD_MAX_BYTES] + FORM_MAX_BYTES)),
        *("--purges", _purges(options)),
        *(f"--tls-certificate={file}" for file in [options[declared.TLS_CERTIFICATE]] if file),
        *(f"--tls-key={file}" for file in [options[declared.TLS_KEY]] if file),
        *(f"--country-database={f}" for f in [options[declared.COUNTRY_DATABASE]] if f),
        *(f"--trusted-proxy={network}" for network in options[declared.TRUSTED_PROXIES]),
        *(f"--frame-host=https://{host}" for host in FRAME_HOSTS),
    ]


def _purges(options: Options) -> str:
    """What outer caches are told of a change; the least able of them decides what all may keep."""
    if options[declared.PURGE_BACKENDS]:
        return "both" if options[declared.PURGE] else "paths"
    return "keys" if options[declared.PURGE] else "nothing"
