"""`python -m stoppress.edge`: one worker, started by `stoppress serve` or by hand."""

from __future__ import annotations

import argparse
import socket
import sys
from pathlib import Path
from typing import get_args

from stoppress.edge.errors import DAMAGED_EXIT_CODE, EdgeError, StoreDamaged
from stoppress.edge.journal import MOST_FROM_NETWORK
from stoppress.edge.policy import Purges
from stoppress.edge.readerkeys import ReaderKeys
from stoppress.edge.room import PRIVATE_PREFIXES, QUERY, Settings
from stoppress.edge.server import BACKLOG, serve


def main() -> int:
    """Read the command line, serve, and say in one line why not, if not."""
    arguments = _parser().parse_args()
    try:
        listener = _listener(arguments)
        serve(_settings(arguments), listener)
    except StoreDamaged as error:
        print(f"stoppress edge: {error}", file=sys.stderr)  # noqa: T201
        return DAMAGED_EXIT_CODE
    except (EdgeError, OSError, ValueError) as error:
        print(f"stoppress edge: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m stoppress.edge", description=__doc__)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--fd", type=int, help="an open listening socket, inherited")
    where.add_argument("--port", type=int, help="listen on this port")
    parser.add_argument("--host", default="127.0.0.1", help="with --port")
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--store-max-bytes", type=int, default=8 * 2**30)
    parser.add_argument("--journal", type=Path, required=True)
    parser.add_argument("--app-socket", type=Path, required=True)
    parser.add_argument("--static", type=Path, required=True)
    parser.add_argument("--media", type=Path, required=True)
    parser.add_argument("--origin", required=True, help="https://paper.example, without a slash")
    parser.add_argument("--private-prefix", action="append", metavar="/desk/")
    parser.add_argument("--query", action="append", metavar="page", help="names an edition")
    parser.add_argument("--frame-host", action="append", metavar="https://…", default=[])
    parser.add_argument("--trusted-proxy", action="append", metavar="10.0.0.0/8", default=[])
    parser.add_argument("--purges", choices=get_args(Purges), default="nothing")
    parser.add_argument("--tls-certificate", type=Path, metavar="FILE", help="PEM, with its chain")
    parser.add_argument("--tls-key", type=Path, metavar="FILE")
    parser.add_argument("--country-database", type=Path, metavar="FILE", help="in MMDB format")
    parser.add_argument("--max-connections", type=int, default=20_000)
    parser.add_argument("--connections-per-client", type=int, default=512)
    parser.add_argument("--max-body-bytes", type=int, default=64 * 2**20)
    parser.add_argument(
        "--most-from-network", type=int, default=MOST_FROM_NETWORK, help="views in ten minutes"
    )
    parser.add_argument("--reader-key-on-stdin", action="store_true", help="a day and 64 digits")
    return parser


def _settings(arguments: argparse.Namespace) -> Settings:
    return Settings(
        store=arguments.store,
        store_max_bytes=arguments.store_max_bytes,
        journal=arguments.journal,
        app_socket=arguments.app_socket,
        static=arguments.static,
        media=arguments.media,
        origin=arguments.origin,
        frame_hosts=tuple(arguments.frame_host),
        trusted_proxies=tuple(arguments.trusted_proxy),
        max_connections=arguments.max_connections,
        connections_per_client=arguments.connections_per_client,
        max_body_bytes=arguments.max_body_bytes,
        most_from_network=arguments.most_from_network,
        reader_keys=_reader_keys() if arguments.reader_key_on_stdin else None,
        purges=arguments.purges,
        certificate=_certificate(arguments),
        country_database=arguments.country_database,
        private_prefixes=tuple(arguments.private_prefix or PRIVATE_PREFIXES),
        query=frozenset(arguments.query or QUERY),
    )


def _certificate(arguments: argparse.Namespace) -> tuple[Path, Path] | None:
    certificate, key = arguments.tls_certificate, arguments.tls_key
    if certificate and key:
        return certificate, key
    if certificate or key:
        raise ValueError("TLS needs a certificate and its key: give both, or neither.")
    return None


def _reader_keys() -> ReaderKeys:
    """The day's key that all workers of this machine share; a pipe leaves no trace of it."""
    return ReaderKeys.from_text(sys.stdin.readline())


def _listener(arguments: argparse.Namespace) -> socket.socket:
    if arguments.fd is not None:
        return socket.socket(fileno=arguments.fd)
    return socket.create_server((arguments.host, arguments.port), backlog=BACKLOG)


if __name__ == "__main__":
    sys.exit(main())
