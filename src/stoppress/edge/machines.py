"""Whose machine's a journal is: each machine counts under a number of its own."""

from __future__ import annotations

import hashlib
from pathlib import Path

from stoppress.edge.errors import JournalOfAnotherMachine

MACHINE_FILE = "machine"  # in the journal's folder

_MACHINE_ID = Path("/etc/machine-id")  # machine-id(5)


def claim(directory: Path) -> None:
    """Note whose journal a folder is. Raises JournalOfAnotherMachine, OSError.

    Two machines that write under one node's number would each have the other's views taken for
    repeats. A system without a machine-id, as in many containers, can't be told apart.
    """
    try:
        machine = _MACHINE_ID.read_text().strip()
    except OSError:
        return
    if not machine:
        return
    name = hashlib.blake2b(machine.encode(), digest_size=8, person=b"journal").hexdigest()
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / MACHINE_FILE
    if not file.exists():
        file.write_text(f"{name}\n")
    elif (found := file.read_text().strip()) and found != name:
        raise JournalOfAnotherMachine(directory, file)
