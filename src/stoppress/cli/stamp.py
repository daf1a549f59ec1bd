"""A stamp in the newsroom that says which version it was last made ready for.

It covers the program's files, the versions of what it stands on, and the settings. Whatever
changes one of them makes the next start look at everything again. Of files that readers get the
content counts: copies and packages can give a changed one the size and time of the old.
"""

import hashlib
import sys
from importlib.metadata import version
from pathlib import Path

import stoppress
from stoppress.config.options import SETTINGS, Options

FILE_NAME = "prepared"
READERS_GET = {".css", ".js", ".svg", ".woff2", ".png", ".ico"}
STANDS_ON = ("django", "wagtail", "django-tasks", "django-taggit", "django-modelcluster")


class Stamp:
    """The newsroom's stamp, and whether it is of this version."""

    def __init__(self, options: Options) -> None:
        self.file = options.home / "data" / FILE_NAME
        self.collected = options.home / "data" / "static" / ".stamp"
        self.options = options

    def is_fresh(self) -> bool:
        """Was the newsroom made ready for just this version and these settings?"""
        try:
            is_same = self.file.read_text(encoding="ascii") == self._content()
        except FileNotFoundError:
            return False
        return is_same and self.collected.exists()

    def write(self) -> None:
        """Say that it is ready now."""
        self.file.write_text(self._content(), encoding="ascii")

    def _content(self) -> str:
        digest = hashlib.sha256(sys.version.encode())
        for name in STANDS_ON:
            digest.update(f"{name} {version(name)}\n".encode())
        for setting in SETTINGS:
            digest.update(f"{setting.name} {self.options[setting]}\n".encode())
        root = Path(stoppress.__file__).parent
        for file in sorted(root.rglob("*")):
            if file.is_file() and file.suffix != ".pyc":
                digest.update(f"{file.relative_to(root)} {_state(file)}\n".encode())
        return digest.hexdigest()


def _state(file: Path) -> str:
    """What tells a changed file from an unchanged one."""
    if file.suffix in READERS_GET:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    status = file.stat()
    return f"{status.st_size} {status.st_mtime_ns}"
