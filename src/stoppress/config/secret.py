"""The newsroom's secret key: it signs sessions and forms at the desk.

It lives in a file of its own, readable by its owner only, never in stoppress.toml: that file is
shown to colleagues and kept in version control. A new key logs everybody out, no more.
"""

import os
import secrets
from pathlib import Path

FILE_NAME = "secret.key"
KEY_BYTES = 48


def make_secret_key(home: Path) -> None:
    """Write a new key, readable by its owner only. An existing key is left as it is."""
    try:
        descriptor = os.open(home / FILE_NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(KEY_BYTES) + "\n")


def read_secret_key(home: Path) -> str:
    """The newsroom's key; without a file a new one that dies with this process."""
    try:
        key = (home / FILE_NAME).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        key = ""
    return key or secrets.token_urlsafe(KEY_BYTES)
