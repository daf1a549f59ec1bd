"""One export: all pages from one snapshot of the database, in batches, into files.

Every page is rendered each time, at the printer's cost per page: what a page shows that no change
tells (a count of views) is then right, too. Only what came out different is written.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings

from stoppress.edge.editions import Edition, part_path, split_at_holes
from stoppress.edge.policy import Policy
from stoppress.press.batches import render_batch
from stoppress.press.errors import UnrecordedRead
from stoppress.press.export import sources
from stoppress.press.export.errors import ExportError, PartFailed
from stoppress.press.export.folder import Folder, Tally, opened
from stoppress.press.export.placing import (
    file_of,
    files_named_in,
    linked,
    nginx_table,
    page_as_file,
    public_address,
    stub,
)
from stoppress.press.lineage import lineage
from stoppress.press.render import edition_of, render_recorded, render_unstored
from stoppress.press.sharing import shared_reads
from stoppress.press.snapshot import snapshot

REDIRECTS = "_redirects.nginx"
PAGES_A_BATCH = 100  # some 5 MB of pages, and the rows they share

Tell = Callable[[int, int, str], None]


@dataclass(slots=True)
class Outcome:
    """What an export did; `failed` pages kept the file they had."""

    change: int
    tally: Tally
    failed: list[tuple[str, Exception]] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)  # files that pages name and nobody has


def export(root: Path, tell: Tell, *, frame_hosts: Collection[str] = ()) -> Outcome:
    """Bring a folder in line with the newsroom.

    `tell` hears how many pages are done, of how many, and what is being done. Raises ExportError,
    OSError.
    """
    newsroom = lineage()
    with opened(root, newsroom) as folder:
        with snapshot() as seen:
            run = _Run(folder, seen, Policy(origin=settings.ORIGIN, frame_hosts=frame_hosts))
            run.write_all(tell)
        folder.finish(newsroom, settings.ORIGIN, seen)
    return Outcome(seen, folder.tally, run.failed, run.missing)


class _Run:
    def __init__(self, folder: Folder, seen: int, policy: Policy) -> None:
        self.failed: list[tuple[str, Exception]] = []
        self.missing: set[str] = set()
        self._folder = folder
        self._seen = seen
        self._policy = policy
        self._parts: dict[str, bytes] = {}
        self._moved: dict[str, str] = {}
        self._copied: set[str] = set()
        self._files = sources.all_files()
        self._roots = {
            url: Path(root)
            for url, root in (
                (settings.MEDIA_URL, settings.MEDIA_ROOT),
                (settings.STATIC_URL, settings.STATIC_ROOT),
            )
            if url.startswith("/")
        }

    def write_all(self, tell: Tell) -> None:
        for name, body in self._files.items():
            self._folder.put(name, body, self._seen)
        self._folder.flush()
        addresses = sources.all_addresses()
        for start in range(0, len(addresses), PAGES_A_BATCH):
            tell(start, len(addresses), "Printing pages")
            with shared_reads():  # so that what is kept is one batch's, not the whole archive's
                self._write(addresses[start : start + PAGES_A_BATCH])
            self._folder.flush()
        for path, page in sources.all_pages().items():
            response = render_unstored(page, path, self._seen)
            self._put(edition_of(path, response, frozenset(), self._seen))
        self._folder.put(REDIRECTS, nginx_table(self._moved), self._seen)
        tell(len(addresses), len(addresses), "Removing what is gone")

    def _write(self, paths: list[str]) -> None:
        batch = render_batch(paths, self._seen)
        editions, failed = batch.editions, batch.failed
        for path, error in failed:
            if isinstance(error, UnrecordedRead):  # served to readers, too; only never stored
                editions.append(render_recorded(path, self._seen)[0])
            else:
                self._fail(path, error)
        for edition in editions:
            try:
                self._place(edition)
            except ExportError as error:
                self._fail(edition.path, error)

    def _fail(self, path: str, error: Exception) -> None:
        self.failed.append((path, error))
        try:
            self._folder.keep(file_of(path))
        except ExportError:
            return

    def _place(self, edition: Edition) -> None:
        if edition.status == HTTPStatus.OK:
            self._put(edition)
        elif edition.status != HTTPStatus.GONE:
            self._redirect(edition)

    def _put(self, edition: Edition) -> None:
        headers = dict(edition.headers)
        kind = headers.get(b"content-type", b"").split(b";")[0].decode("latin-1")
        body = self._composed(edition.body)
        if kind == "text/html":
            safety = dict(self._policy.headers_unstored(edition.headers))
            body = page_as_file(body, safety[b"content-security-policy"])
        elif kind.endswith("xml"):
            body = linked(body)
        self._copy_named(body)
        name = file_of(edition.path)
        self._folder.put(name, body, self._seen)
        if edition.path.endswith("/") and not name.endswith(sources.PAGE_FILE):
            leading = stub(public_address(edition.path), feed_type=kind)
            self._folder.put(_beside(name), leading, self._seen)

    def _redirect(self, edition: Edition) -> None:
        location = dict(edition.headers)[b"location"].decode("latin-1")
        target = public_address(unquote(urlsplit(location).path))
        self._moved[edition.path] = target
        name = file_of(edition.path)
        if edition.path.endswith("/"):
            name = _beside(name)
        self._folder.put(name, stub(target), self._seen)

    def _composed(self, body: bytes) -> bytes:
        """The body with its parts, as the edge would fill them."""
        segments, names = split_at_holes(body)
        if not names:
            return body
        parts = [self._part(name) for name in names]
        pairs = zip(segments, [*parts, b""], strict=True)
        return b"".join(piece for pair in pairs for piece in pair)

    def _part(self, name: str) -> bytes:
        """A part, or nothing where there is none, as at the edge. Raises PartFailed."""
        if name not in self._parts:
            batch = render_batch([part_path(name)], self._seen)
            if batch.failed:
                raise PartFailed(name, batch.failed[0][1])
            shown = [e.body for e in batch.editions if e.status == HTTPStatus.OK]
            self._parts[name] = b"".join(shown)
        return self._parts[name]

    def _copy_named(self, body: bytes) -> None:
        """Copy the pictures that a page names; drafts' and killed stories' are named by none."""
        for address in files_named_in(body, self._roots) - self._copied:
            self._copied.add(address)
            name = address.removeprefix("/")
            if name in self._files:
                continue
            source = self._source_of(address)
            if source is None:
                self.missing.add(address)
            else:
                self._folder.copy(file_of(address), source, self._seen)

    def _source_of(self, address: str) -> Path | None:
        url = next(prefix for prefix in self._roots if address.startswith(prefix))
        root = self._roots[url].resolve()
        path = (root / address.removeprefix(url)).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None


def _beside(name: str) -> str:
    return name.rpartition("/")[0] + "/" + sources.PAGE_FILE
