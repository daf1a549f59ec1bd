"""The folder of an export: only what changed is written, each file at once or not at all.

A file is written aside, forced to disk and renamed into place, so a server never sends half of it.
Files that the export did not write (a CNAME, `.well-known`) are neither touched nor removed.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from stoppress.press.export.errors import (
    ExportOfAnother,
    ExportRuns,
    FileInTheWay,
    NotAnExport,
    NothingExported,
)
from stoppress.press.export.manifest import (
    ASIDE,
    LOCK,
    MANIFEST,
    PREFIX,
    Entry,
    Journal,
    Manifest,
    read_manifest,
)

PIECE_BYTES = 1024 * 1024
OF_FILE_SYSTEMS = frozenset({"lost+found"})  # in a volume that was just made


@dataclass(slots=True)
class Tally:
    """What a run did."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0
    bytes_written: int = 0


@dataclass(slots=True)
class _Waiting:
    name: str
    entry: Entry
    content: bytes | Path


@dataclass(slots=True)
class Folder:
    """A folder that a run works in, held by its lock. Open it with `opened`."""

    root: Path
    old: dict[str, Entry]
    journal: Journal
    unsure: set[str]  # what a run that was cut short may have written
    new: dict[str, Entry] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    _waiting: list[_Waiting] = field(default_factory=list)
    _folders: set[Path] = field(default_factory=set)

    def put(self, name: str, body: bytes, change: int) -> None:
        """Have a file hold these bytes after the next `flush`."""
        entry = Entry(hashlib.sha256(body).hexdigest(), len(body), change)
        if not self._keeps(name, entry):
            self._wait(_Waiting(name, entry, body))

    def copy(self, name: str, source: Path, change: int) -> None:
        """Have a file hold what another does. One that looks as it did is not read again."""
        found = source.stat()
        mark = f"{found.st_mtime_ns}-{found.st_size}"
        old = self.old.get(name)
        if old and old.source == mark and self._keeps(name, old):
            return
        with source.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        entry = Entry(digest, found.st_size, change, mark)
        if not self._keeps(name, entry):
            self._wait(_Waiting(name, entry, source))

    def keep(self, name: str) -> None:
        """Leave a file as the last run left it, if it did."""
        if name in self.old and name not in self.new:
            self.new[name] = self.old[name]

    def flush(self) -> None:
        """Write what waits; before the first of it, the journal names all of it."""
        if not self._waiting:
            return
        self.journal.add(waiting.name for waiting in self._waiting)
        for waiting in self._waiting:
            self._write(waiting)
        self._waiting.clear()

    def finish(self, newsroom: str, origin: str, change: int) -> None:
        """Remove what is gone, then write the manifest once all else is on disk."""
        self.flush()
        for name in sorted(({*self.old} | self.unsure) - {*self.new}):
            self._remove(name)
        os.sync()
        manifest = Manifest(newsroom, origin, change, self.new)
        self._place(MANIFEST, manifest.as_json())
        os.sync()
        self.journal.forget()

    def _keeps(self, name: str, entry: Entry) -> bool:
        """Whether the file is there and holds this already; then it stays."""
        if name in self.new:
            return True
        old = self.old.get(name)
        if name in self.unsure or old is None or old.sha256 != entry.sha256:
            return False
        with suppress(OSError):
            path = self.root / name
            if not path.is_symlink() and path.is_file() and path.stat().st_size == entry.size:
                self.new[name] = replace(old, source=entry.source)
                self.tally.unchanged += 1
                return True
        return False

    def _wait(self, waiting: _Waiting) -> None:
        self.new[waiting.name] = waiting.entry
        self._waiting.append(waiting)

    def _write(self, waiting: _Waiting) -> None:
        path = self.root / waiting.name
        self._make_way(path)
        if waiting.name not in self.old and waiting.name not in self.unsure:
            if os.path.lexists(path):
                raise FileInTheWay(path)
        elif path.is_dir():
            raise FileInTheWay(path)
        self._place(waiting.name, waiting.content)
        self.tally.written += 1
        self.tally.bytes_written += waiting.entry.size

    def _make_way(self, path: Path) -> None:
        """Make the file's folder. A link in its place would lead out of ours."""
        if path.parent in self._folders:
            return
        for outer in reversed(path.relative_to(self.root).parents[:-1]):
            folder = self.root / outer
            if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
                raise FileInTheWay(folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._folders.add(path.parent)

    def _place(self, name: str, content: bytes | Path) -> None:
        aside, target = self.root / ASIDE, self.root / name
        with naming(target):
            with aside.open("wb") as file:
                if isinstance(content, Path):
                    with content.open("rb") as source:
                        shutil.copyfileobj(source, file, PIECE_BYTES)
                else:
                    file.write(content)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(target)

    def _remove(self, name: str) -> None:
        path = self.root / name
        with suppress(FileNotFoundError, NotADirectoryError):
            path.unlink()
            self.tally.removed += 1
        for folder in path.relative_to(self.root).parents[:-1]:
            try:
                (self.root / folder).rmdir()
            except OSError:
                return  # not empty


@contextmanager
def opened(root: Path, newsroom: str) -> Iterator[Folder]:
    """Hold a folder for a run. Raises ExportError and OSError."""
    if root.exists():
        _refuse_unless_ours(root)
    root.mkdir(parents=True, exist_ok=True)
    with locked(root):
        journal, manifest = Journal(root), read_manifest(root)
        owner, unsure = journal.read()
        if (manifest.newsroom if manifest else owner) not in ("", newsroom):
            raise ExportOfAnother(root)
        journal.begin(newsroom)
        try:
            yield Folder(root, manifest.files if manifest else {}, journal, unsure)
        finally:
            (root / ASIDE).unlink(missing_ok=True)


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the folder's lock. Raises ExportRuns."""
    descriptor = os.open(root / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip()
            raise ExportRuns(root, holder) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def differences(root: Path) -> tuple[int, list[str]]:
    """How many files a folder's manifest names, and what differs from it, in sentences.

    Nothing is written. Raises NothingExported, ManifestBroken, OSError.
    """
    manifest = read_manifest(root)
    if manifest is None:
        raise NothingExported(root)
    found = []
    if Journal(root).read()[0]:
        found.append("An export was interrupted or is running: some files may be newer.")
    for name, entry in sorted(manifest.files.items()):
        path = root / name
        if path.is_symlink() or not path.is_file():
            found.append(f"{name} is missing.")
        elif path.stat().st_size != entry.size:
            found.append(f"{name} has {path.stat().st_size:,} bytes instead of {entry.size:,}.")
        else:
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != entry.sha256:
                    found.append(f"{name} holds other bytes than were exported.")
    return len(manifest.files), found


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let an error of the disk name the file: a full one, met while writing, names none."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


def _refuse_unless_ours(root: Path) -> None:
    """Raise NotAnExport for a folder with files and no word of ours about them."""
    names = {entry.name for entry in root.iterdir()} - OF_FILE_SYSTEMS
    foreign = sorted(name for name in names if not name.startswith(PREFIX))
    if foreign and MANIFEST not in names and not Journal(root).read()[0]:
        raise NotAnExport(root, foreign[0])
