"""The manifest: which files are the export's, and what each must hold.

It is written last, when all it names is on disk. So a folder with a manifest is a whole site, and a
run that was cut short leaves the manifest of the run before. What such a run may have written is in
the journal, which is on disk before the first of those files: its files are ours, and not trusted.
"""

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from stoppress.press.export.errors import ManifestBroken

PREFIX = ".stoppress-export"
MANIFEST = f"{PREFIX}.json"
JOURNAL = f"{PREFIX}.journal"
LOCK = f"{PREFIX}.lock"
ASIDE = f"{PREFIX}.aside"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: its bytes, and the change its page was printed at when they were last new."""

    sha256: str
    size: int
    change: int
    source: str = ""  # of a copied file: time and size of what it was copied from


@dataclass(slots=True)
class Manifest:
    """All files of one export, of one newsroom (by its database's name) at one change."""

    newsroom: str
    origin: str
    change: int
    files: dict[str, Entry] = field(default_factory=dict)

    def as_json(self) -> bytes:
        """The manifest's document: a line for each file, in order."""
        head = {"format": FORMAT, "newsroom": self.newsroom}
        head |= {"origin": self.origin, "change": self.change}
        lines = ",\n".join(
            f"{json.dumps(name)}: {json.dumps({k: v for k, v in asdict(entry).items() if v != ''})}"
            for name, entry in sorted(self.files.items())
        )
        return f'{json.dumps(head)[:-1]}, "files": {{\n{lines}\n}}}}\n'.encode()


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a folder; None if it has none. Raises ManifestBroken."""
    path = folder / MANIFEST
    try:
        data = json.loads(path.read_bytes())
        if data["format"] != FORMAT:
            raise ManifestBroken(path, f"its format is {data['format']}, not {FORMAT}")
        files = {name: Entry(**entry) for name, entry in data["files"].items()}
        return Manifest(data["newsroom"], data["origin"], data["change"], files)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ManifestBroken(path, f"{type(error).__name__}: {error}") from error


class Journal:
    """The names of files that a run is about to write, kept until its manifest is."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / JOURNAL

    def read(self) -> tuple[str, set[str]]:
        """The newsroom and the names. A line that was cut off names what was never begun."""
        names = []
        with suppress(FileNotFoundError):
            for line in self._path.read_text("utf-8", errors="replace").split("\n"):
                with suppress(ValueError):
                    names.append(str(json.loads(line)))
        return (names[0], set(names[1:])) if names else ("", set())

    def begin(self, newsroom: str) -> None:
        """Say whose export this is, before its first file."""
        if not self.read()[0]:
            self.add([newsroom])

    def add(self, names: Iterable[str]) -> None:
        """Note names; they are on disk when this returns."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write("\n")  # ends a line that was cut off
            file.writelines(f"{json.dumps(name)}\n" for name in names)
            file.flush()
            os.fsync(file.fileno())

    def forget(self) -> None:
        """The manifest knows it all."""
        self._path.unlink(missing_ok=True)
