"""The socket that readers reach, opened once and shared by all edge workers."""

import errno
import socket

import click

from stoppress.cli.errors import CommandFault

BACKLOG = 2048
HIGHEST_PORT = 65_535


def listen(host: str, port: int) -> socket.socket:
    """Open the listening socket. Raises CommandFault with what to do."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror as error:
        raise CommandFault(
            f"“{host}” is no address of this machine. Give one with --host, such as 127.0.0.1."
        ) from error
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise CommandFault(_explain(error, host, port)) from error
    listener.setblocking(False)
    return listener


def _explain(error: OSError, host: str, port: int) -> str:
    other = port + 1 if port < HIGHEST_PORT else port - 1
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is in use by another program. Choose another: "
            + _how_to_choose(other)
        )
    if error.errno in {errno.EACCES, errno.EPERM}:
        return (
            f"Port {port} is reserved for the system's administrator. Choose one above 1023 with "
            "--port, and put a front proxy before it (docs/how-to/run-in-production.md)."
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine. Give one with --host, such as 127.0.0.1."
    return f"Can't listen on {host}, port {port}: {error.strerror}. Try another --host or --port."


def _how_to_choose(port: int) -> str:
    """In the words that the person has just typed."""
    context = click.get_current_context(silent=True)
    if context is not None and context.info_name == "demo":
        return f"make demo PORT={port}, or stoppress demo --port {port}."
    return f"stoppress serve --port {port}, or STOPPRESS_PORT={port}."
