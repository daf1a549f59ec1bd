"""What a page looks like depends on our own files and a few settings, too.

They have no row to watch, so a node notes their fingerprint, and a printer that starts with another
one touches everything. It is kept per node: in a rolling upgrade each restarts on its own.
"""

import hashlib
from pathlib import Path

from django.conf import settings
from django.utils import timezone

import stoppress
from stoppress.press.changes import ALL, changing
from stoppress.press.models import Node

SHOWN_SETTINGS = ("PAPER_NAME", "PAPER_TAGLINE", "PAPER_TIME_ZONE", "ORIGIN", "LANGUAGE_CODE")
IGNORED = frozenset({".pyc", ".pyo"})


def fingerprint() -> str:
    """Return a hash of the package's files and of the settings that pages show."""
    digest = hashlib.blake2b(digest_size=16)
    root = Path(stoppress.__file__).parent
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix not in IGNORED:
            digest.update(f"{path.relative_to(root)}\0".encode())
            digest.update(hashlib.blake2b(path.read_bytes()).digest())
    for name in SHOWN_SETTINGS:
        digest.update(f"{name}={getattr(settings, name, None)!r}\0".encode())
    return digest.hexdigest()


def announce(node: str) -> None:
    """Register the node; touch everything if it printed with other software before."""
    found = fingerprint()
    row = Node.objects.filter(name=node).first()
    if row is None:
        Node.objects.create(name=node, fingerprint=found, heard_at=timezone.now())
    elif row.fingerprint != found:
        with changing("new software or settings") as change:
            Node.objects.filter(name=node).update(fingerprint=found)
            change.touch(ALL)
