"""`python -m stoppress.edge.journalwriter`: writes the journal for one edge worker.

A process of its own, started by the worker: one busy Python thread beside the lane would cost three
quarters of its speed, and no page fault or fsync of the journal can hold up a reader's page here.
Groups of reports come in through a socket, one transaction each, and answers go back when the disk
has confirmed. It lives as long as the socket: when the worker ends, however it does, it finishes
the group at hand and ends too.

Frames are a length and what `marshal` makes of plain tuples: both ends are the same program.
"""

from __future__ import annotations

import argparse
import marshal
import signal
import socket
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stoppress.edge.errors import EdgeError, JournalUnavailable, ReplayedVisit, UnknownVisit
from stoppress.edge.journal import Answer, Journal, Report
from stoppress.edge.views import Refusals, Stay, View

RETRY_SECONDS = 1.0  # between two attempts to open a journal that can't be opened
RECEIVED_AT_ONCE = 256 * 1024

_LENGTH = struct.Struct(">I")
_REFUSALS = (ReplayedVisit, UnknownVisit)
_BY_FIELDS: dict[int, Any] = {len(kind._fields): kind for kind in (View, Stay, Refusals)}


def main() -> None:
    """Write what comes, until nobody is there to ask."""
    parser = argparse.ArgumentParser(prog="python -m stoppress.edge.journalwriter")
    parser.add_argument("--fd", type=int, required=True, help="a connected socket, inherited")
    parser.add_argument("--journal", type=Path, required=True)
    parser.add_argument("--most-from-network", type=int, required=True)
    arguments = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM):  # it is the worker that says when it is over
        signal.signal(number, signal.SIG_IGN)
    with socket.socket(fileno=arguments.fd) as worker:
        writer = _Writer(arguments.journal, arguments.most_from_network)
        for frame in _frames(worker):
            worker.sendall(to_frame(writer.write(reports_of(frame))))
        writer.close()


class _Writer:
    """A journal that is opened when it can be."""

    def __init__(self, directory: Path, most_from_network: int) -> None:
        self._directory = directory
        self._most_from_network = most_from_network
        self._journal: Journal | None = None
        self._why = ""
        self._tried_at = 0.0

    def write(self, reports: list[Report]) -> list[int] | str:
        """The group's answers as plain numbers, or why none of it counts."""
        try:
            journal = self._opened()
            return [_plain(answer) for answer in journal.write(reports)] if reports else []
        except (EdgeError, OSError) as error:
            return str(error)
        except Exception as error:  # whatever it is, those who wait must hear of it
            return f"The journal's writer failed: {error!r}."

    def close(self) -> None:
        """Give the journal back."""
        if self._journal is not None:
            self._journal.close()

    def _opened(self) -> Journal:
        if self._journal is None:
            if self._why and time.monotonic() < self._tried_at + RETRY_SECONDS:
                raise JournalUnavailable(self._why)
            self._tried_at = time.monotonic()
            try:
                self._journal = Journal.open(
                    self._directory, most_from_network=self._most_from_network
                )
            except (EdgeError, OSError) as error:
                self._why = str(error)
                raise
        return self._journal


def to_frame(message: Any) -> bytes:
    """A message as it goes through the socket."""
    content = marshal.dumps(message)
    return _LENGTH.pack(len(content)) + content


def take_frame(buffer: bytearray) -> Any | None:
    """The first message of a buffer, taken out of it; None if it is not whole."""
    if len(buffer) < _LENGTH.size:
        return None
    end = _LENGTH.size + _LENGTH.unpack_from(buffer)[0]
    if len(buffer) < end:
        return None
    message = marshal.loads(buffer[_LENGTH.size : end])  # noqa: S302
    del buffer[:end]
    return message


def reports_of(frame: list[tuple[Any, ...]]) -> list[Report]:
    """Reports from the plain tuples they were sent as."""
    return [_BY_FIELDS[len(fields)]._make(fields) for fields in frame]


def answer_of(plain: int) -> Answer:
    """An answer from the number it was sent as."""
    return plain if plain >= 0 else _REFUSALS[-1 - plain]()


def _plain(answer: Answer) -> int:
    """A count as itself, a refusal as a negative number."""
    return answer if isinstance(answer, int) else -1 - _REFUSALS.index(type(answer))


def _frames(worker: socket.socket) -> Iterator[Any]:
    buffer = bytearray()
    while received := worker.recv(RECEIVED_AT_ONCE):
        buffer += received
        while (frame := take_frame(buffer)) is not None:
            yield frame


if __name__ == "__main__":
    main()
