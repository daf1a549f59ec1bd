"""Names for requests that the app answers, so that our log and the app's can be read together.

A hit has none: it is answered from the store and leaves no line anywhere.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

REQUEST_ID_HEADER = b"x-request-id"
_BYTES = 8
_GIVEN = re.compile(rb"[A-Za-z0-9-]{8,64}")  # what may stand in a log


def request_id(headers: Mapping[bytes, bytes]) -> bytes:
    """The name that a proxy in front has given already, or a new one."""
    given = headers.get(REQUEST_ID_HEADER, b"")
    return given if _GIVEN.fullmatch(given) else new_request_id()


def new_request_id() -> bytes:
    """A name for a request of our own."""
    return secrets.token_hex(_BYTES).encode()
