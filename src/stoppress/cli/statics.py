"""Collecting static files into data/static, only when one of them has changed."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

STAMP_NAME = ".stamp"


def are_collected() -> bool:
    """Is every static file of this version in place?"""
    stamp = Path(settings.STATIC_ROOT) / STAMP_NAME
    return stamp.is_file() and stamp.read_text(encoding="ascii") == fingerprint()


def collect() -> None:
    """Copy all static files under hashed names; old ones stay for pages that still name them."""
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp = Path(settings.STATIC_ROOT) / STAMP_NAME
    stamp.write_text(fingerprint(), encoding="ascii")


def fingerprint() -> str:
    """A hash over names and contents of all static files of the program."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(ignore_patterns=[]):
            with storage.open(path) as file:
                digest.update(f"{path} {hashlib.sha256(file.read()).hexdigest()}\n".encode())
    return digest.hexdigest()
