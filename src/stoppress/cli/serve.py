"""`stoppress serve`: a newsroom's four processes under one supervisor."""

import asyncio
import os
import socket
import time
from collections.abc import Callable

import click

from stoppress.cli.claims import claim_store
from stoppress.cli.errors import CommandFault
from stoppress.cli.listening import listen
from stoppress.cli.locks import lock_newsroom
from stoppress.cli.opening import open_options, start_django
from stoppress.cli.processes import newsroom_children
from stoppress.cli.progress import note, step
from stoppress.cli.stamp import Stamp
from stoppress.cli.supervisor import GaveUp, Plan, Supervisor
from stoppress.config import logs
from stoppress.config import options as declared
from stoppress.config.options import Options
from stoppress.config.sockets import EVERYWHERE, local_origin
from stoppress.edge.readerkeys import ReaderKeys, keep_turning

Announcement = Callable[[Options, float], None]

READY_ASK_SECONDS = 2.0


@click.command()
@click.option("--host", help="Listen on this address; default: the setting.")
@click.option("--port", type=click.IntRange(1, 65_535), help="Listen on this port.")
@click.option("--workers", type=click.IntRange(1, 64), help="How many edge processes.")
def serve(host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the newsroom until Ctrl-C or SIGTERM.

    Starts the edge, the app, the printer and the clock, and keeps them running.
    """
    overrides = {"STOPPRESS_HOST": host, "STOPPRESS_PORT": port, "STOPPRESS_WORKERS": workers}
    os.environ.update({name: str(value) for name, value in overrides.items() if value is not None})
    serve_newsroom(announce)


def serve_newsroom(on_ready: Announcement) -> None:
    """Serve the current newsroom; `on_ready` tells the person at the terminal."""
    options = open_options()
    logs.configure({"level": options[declared.LOG_LEVEL], "format": options[declared.LOG_FORMAT]})
    refuse_unusable_certificate(options)
    refuse_unusable_countries(options)
    lock_newsroom(options[declared.RUN_DIR])
    claim_store(options[declared.STORE_DIR], options.home)
    listener = listen(options[declared.HOST], options[declared.PORT])
    options = _with_fitting_origin(options)
    prepare(options)
    keys = ReaderKeys.draw(time.time())
    plan = Plan(
        children=newsroom_children(options, listener.fileno(), keys),
        store=options[declared.STORE_DIR],
        is_ready=lambda: is_ready(listener, scheme(options)),
        on_ready=lambda seconds: on_ready(options, seconds),
        alongside=lambda: keep_turning(keys),
    )
    try:
        asyncio.run(Supervisor(plan).run())
    except GaveUp as error:
        raise CommandFault(str(error)) from error
    finally:
        listener.close()


def _with_fitting_origin(options: Options) -> Options:
    """Where nobody chose an origin, it is this machine with the port in use."""
    if options.origin_of(declared.ORIGIN) != "the default":
        return options
    os.environ["STOPPRESS_ORIGIN"] = f"{scheme(options)}://localhost:{options[declared.PORT]}"
    return open_options()


def prepare(options: Options) -> None:
    """Make sure that the database fits this version and that styles and scripts are in place.

    Asked once for a version: Django takes seconds to start, and each process starts its own. (The
    app asks the database again, which may have been restored in between.)
    """
    stamp = Stamp(options)
    if stamp.is_fresh():
        return
    start_django(options.home)
    from stoppress.cli import schema, statics

    schema.require_exact_fit()
    if not statics.are_collected():
        with step("Collecting styles and scripts", "Styles and scripts are in place"):
            statics.collect()
    stamp.write()


async def is_ready(listener: socket.socket, scheme: str = "http") -> bool:
    """Does the edge say that it and the app are ready?"""
    import httpx  # slow to import, and `stoppress --help` imports this module

    address = local_origin(*listener.getsockname()[:2], scheme=scheme)
    try:
        # The certificate is for readers' name of this machine, not for the one used here.
        async with httpx.AsyncClient(
            timeout=READY_ASK_SECONDS,
            trust_env=False,
            verify=False,  # noqa: S501
        ) as client:
            answer = await client.get(f"{address}/readyz")
    except httpx.HTTPError:
        return False
    return answer.status_code == httpx.codes.OK


def announce(options: Options, seconds: float) -> None:
    """Say where readers and editors find the newsroom."""
    note(
        f"\n{options[declared.PAPER_NAME]} is served (ready in {seconds:.1f} s):\n"
        f"  readers  {local_address(options)}/\n"
        f"  desk     {local_address(options)}/desk/\n"
        "Ctrl-C ends it."
    )


def scheme(options: Options) -> str:
    """How this machine is spoken to."""
    return "https" if options[declared.TLS_CERTIFICATE] else "http"


def refuse_unusable_certificate(options: Options) -> None:
    """Raise CommandFault if the edge could not serve the certificate: it would only die of it."""
    certificate, key = options[declared.TLS_CERTIFICATE], options[declared.TLS_KEY]
    if certificate is None and key is None:
        return
    if certificate is None or key is None:
        raise CommandFault(
            "TLS needs a certificate and its key: set both STOPPRESS_TLS_CERTIFICATE and "
            "STOPPRESS_TLS_KEY, or neither."
        )
    from stoppress.edge.errors import CertificateUnusable
    from stoppress.edge.tls import examine

    try:
        examine(certificate, key)
    except CertificateUnusable as error:
        raise CommandFault(str(error)) from error


def refuse_unusable_countries(options: Options) -> None:
    """Raise CommandFault if the edge could not read the database of countries."""
    file = options[declared.COUNTRY_DATABASE]
    if file is None:
        return
    from stoppress.edge.countries import Countries
    from stoppress.edge.errors import CountryDatabaseUnusable

    try:
        Countries(file).close()
    except CountryDatabaseUnusable as error:
        raise CommandFault(str(error)) from error


def local_address(options: Options) -> str:
    """The address to try on this machine."""
    host = options[declared.HOST]
    host = "localhost" if host in EVERYWHERE | {"127.0.0.1"} else host
    return f"{scheme(options)}://{host}:{options[declared.PORT]}"
