"""The day's key, under which a reader is a number that nobody can turn back into an address.

A key lives in memory only: the supervisor draws it and hands it to its edge workers through a pipe.
At midnight UTC every holder turns it into the next day's key by a one-way function and forgets it,
so all agree without talking, and yesterday's numbers can't be made again by anyone, whoever breaks
in today (a hash ratchet, as forward-secure logs use). The old key stays for a minute, to recognise
a repeat across midnight.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import socket
import time

KEY_BYTES = 32
DAY_SECONDS = 86_400
GRACE_SECONDS = 60  # longer than the repeat rule's window
TURN_SECONDS = 1.0
IPV4_NETWORK_BITS = 24
IPV6_NETWORK_BITS = 56  # what one household or office is commonly given


class ReaderKeys:
    """The key of the present day, and for a minute that of the day before."""

    def __init__(self, key: bytes, day: int) -> None:
        """Start with the key of a day, counted in days since 1970 (UTC)."""
        self._key = key
        self._before: bytes | None = None
        self.day = day

    @classmethod
    def draw(cls, at: float) -> ReaderKeys:
        """A new random key."""
        return cls(secrets.token_bytes(KEY_BYTES), int(at // DAY_SECONDS))

    @classmethod
    def from_text(cls, text: str) -> ReaderKeys:
        """What `to_text` wrote. Raises ValueError."""
        day, *keys = text.split() or [""]
        if len(keys) not in (1, 2) or any(len(key) != 2 * KEY_BYTES for key in keys):
            raise ValueError(f"A reader key has {2 * KEY_BYTES} hexadecimal digits.")
        found = cls(bytes.fromhex(keys[0]), int(day))
        found._before = bytes.fromhex(keys[1]) if keys[1:] else None
        return found

    def to_text(self, at: float) -> str:
        """The day, its key and, within a minute after midnight, the one before: for another process
        of this machine.
        """
        self.turn(at)
        before = "" if self._before is None else f" {self._before.hex()}"
        return f"{self.day} {self._key.hex()}{before}"

    def reader(self, address: str, agent: str, at: float) -> int:
        """A number for a reader that means nothing without the key, nor on another day."""
        return self.numbers(address, agent, at)[0]

    def reader_before(self, address: str, agent: str, at: float) -> int | None:
        """The same reader's number of yesterday, within a minute after midnight."""
        return self.numbers(address, agent, at)[1]

    def network(self, address: str, at: float) -> int:
        """A number for a reader's network; 0 if the address is none."""
        return self.numbers(address, "", at)[2]

    def numbers(self, address: str, agent: str, at: float) -> tuple[int, int | None, int]:
        """A reader's number, the one of yesterday, and the network's, as above."""
        self.turn(at)
        reader = f"reader\n{address}\n{agent}".encode("utf-8", "surrogatepass")
        network = _network(address)
        return (
            _number(self._key, reader),
            None if self._before is None else _number(self._before, reader),
            0 if network is None else _number(self._key, network),
        )

    def turn(self, at: float) -> None:
        """Turn the key once for each midnight since. A clock that was set back turns nothing."""
        day = int(at // DAY_SECONDS)
        while self.day < day:
            self._before = self._key if self.day == day - 1 else None
            self._key = hashlib.blake2b(
                self._key, digest_size=KEY_BYTES, person=b"next day"
            ).digest()
            self.day += 1
        if self._before is not None and at - self.day * DAY_SECONDS >= GRACE_SECONDS:
            self._before = None


async def keep_turning(keys: ReaderKeys) -> None:
    """Turn a key at each midnight though nobody asks for a number, so that no old one is held."""
    while True:
        keys.turn(time.time())
        await asyncio.sleep(TURN_SECONDS)


def _network(address: str) -> bytes | None:
    """What all addresses of a reader's network have in common; None for what is no address."""
    host = address.partition("%")[0]
    try:
        if ":" in host:
            number = socket.inet_pton(socket.AF_INET6, host)
            return b"network6\n" + number[: IPV6_NETWORK_BITS // 8]
        return b"network4\n" + socket.inet_pton(socket.AF_INET, host)[: IPV4_NETWORK_BITS // 8]
    except (OSError, ValueError):
        return None


def _number(key: bytes, text: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(text, digest_size=8, key=key).digest())
