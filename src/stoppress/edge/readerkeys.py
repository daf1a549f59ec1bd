"""The day's key, under which a reader is a number that nobody can turn back into an address.

A key lives in memory only: the supervisor draws it and hands it to its edge workers through a pipe.
At midnight UTC every holder turns it into the next day's key by a one-way function and forgets it,
so all agree without talking, and yesterday's numbers can't be made again by anyone, whoever breaks
in today (a hash ratchet, as forward-secure logs use). The old key stays for a minute, to recognise
a repeat across midnight.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
import time
from hashlib import blake2b

KEY_BYTES = 32
NUMBER_BYTES = 8
DAY_SECONDS = 86_400
GRACE_SECONDS = 60  # longer than the repeat rule's window
TURN_SECONDS = 1.0
IPV4_NETWORK_BITS = 24
IPV6_NETWORK_BITS = 56  # what one household or office is commonly given


class Address:
    """Where a reader asks from, and what numbers need of it: as long as a connection is open."""

    __slots__ = ("hashed", "network_number", "numbered_on", "text")

    def __init__(self, text: str) -> None:
        """Take an address, or whatever a socket calls its other end."""
        self.text = text
        self.hashed = b"reader\n%b\n" % text.encode()
        self.network_number = 0
        self.numbered_on = -1  # day, whose key the network's number is under


class ReaderKeys:
    """The key of the present day, and for a minute that of the day before."""

    def __init__(self, key: bytes, day: int, before: bytes | None = None) -> None:
        """Start with the key of a day, counted in days since 1970 (UTC), and the one before."""
        self._hold(key, day, before)

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
        return cls(bytes.fromhex(keys[0]), int(day), bytes.fromhex(keys[1]) if keys[1:] else None)

    def to_text(self, at: float) -> str:
        """The day, its key and, within a minute after midnight, the one before: for another process
        of this machine.
        """
        self.turn(at)
        before = "" if self._before is None else f" {self._before.hex()}"
        return f"{self.day} {self._key.hex()}{before}"

    def reader(self, address: str, agent: str, at: float) -> int:
        """A number for a reader that means nothing without the key, nor on another day."""
        return self.numbers(Address(address), fingerprint(agent), at)[0]

    def reader_before(self, address: str, agent: str, at: float) -> int | None:
        """The same reader's number of yesterday, within a minute after midnight."""
        return self.numbers(Address(address), fingerprint(agent), at)[1]

    def network(self, address: str, at: float) -> int:
        """A number for a reader's network; 0 if the address is none."""
        return self.numbers(Address(address), b"", at)[2]

    def numbers(self, address: Address, agent: bytes, at: float) -> tuple[int, int | None, int]:
        """A reader's number, the one of yesterday, and the network's, as above.

        `agent` is the fingerprint of what the reader's browser calls itself.
        """
        if at >= self._turns_at:
            self.turn(at)
        if address.numbered_on != self.day:
            address.network_number = _number_of_network(self._keyed, address.text)
            address.numbered_on = self.day
        reader = address.hashed + agent
        return (
            _number(self._keyed, reader),
            None if self._keyed_before is None else _number(self._keyed_before, reader),
            address.network_number,
        )

    def turn(self, at: float) -> None:
        """Turn the key once for each midnight since. A clock that was set back turns nothing."""
        key, before, day = self._key, self._before, self.day
        while day < int(at // DAY_SECONDS):
            before = key if day == int(at // DAY_SECONDS) - 1 else None
            key = blake2b(key, digest_size=KEY_BYTES, person=b"next day").digest()
            day += 1
        if at - day * DAY_SECONDS >= GRACE_SECONDS:
            before = None
        self._hold(key, day, before)

    def _hold(self, key: bytes, day: int, before: bytes | None) -> None:
        self._key, self._before, self.day = key, before, day
        # Hashes that have taken in their key: a copy costs less than another beginning.
        self._keyed = blake2b(digest_size=NUMBER_BYTES, key=key)
        self._keyed_before = blake2b(digest_size=NUMBER_BYTES, key=before) if before else None
        self._turns_at = day * DAY_SECONDS + GRACE_SECONDS if before else (day + 1) * DAY_SECONDS


def fingerprint(agent: str) -> bytes:
    """What stands for a browser's name in a reader's number: short, however long the name is."""
    return blake2b(agent.encode("utf-8", "surrogatepass"), digest_size=16).digest()


async def keep_turning(keys: ReaderKeys) -> None:
    """Turn a key at each midnight though nobody asks for a number, so that no old one is held."""
    while True:
        keys.turn(time.time())
        await asyncio.sleep(TURN_SECONDS)


def _number_of_network(keyed: blake2b, address: str) -> int:
    """A number for what all addresses of a network have in common; 0 for what is no address."""
    host = address.partition("%")[0]
    try:
        if ":" in host:
            network = socket.inet_pton(socket.AF_INET6, host)[: IPV6_NETWORK_BITS // 8]
            return _number(keyed, b"network6\n" + network)
        network = socket.inet_pton(socket.AF_INET, host)[: IPV4_NETWORK_BITS // 8]
        return _number(keyed, b"network4\n" + network)
    except (OSError, ValueError):
        return 0


def _number(keyed: blake2b, text: bytes) -> int:
    hashed = keyed.copy()
    hashed.update(text)
    return int.from_bytes(hashed.digest())
