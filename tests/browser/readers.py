"""Readers whose views count; headless Chromium by itself says that it is a robot."""

from dataclasses import dataclass
from itertools import count

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Reader:
    """Someone whose views count: their agent tells them apart from others at this address."""

    agent: str

    def options(self) -> dict[str, str]:
        """What makes a browser context theirs."""
        return {"user_agent": self.agent, "locale": "en-GB"}


def new_reader() -> Reader:
    """A reader who was never here."""
    version = f"{next(_numbers)}.0.0.0"
    return Reader(
        # Firefox's: Chromium's hints would contradict another version of Chromium.
        f"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.{version}"
    )
