"""How fast is an archive printed anew? Run: make bench-print. Takes some six minutes.

A change of theme makes 10,000 article pages stale. One process prints them as the printer's crew
does (rows, template, compression, store, with fsync); beside it Pelican and Eleventy build 10,000
pages of the same texts with a template of like work. Each has the same one CPU; what they need to
start is taken off. Then the printer itself does it, with its crew, on all cores. Prints pages a
second, processor time a page, the ratios and where our time goes; asserts nothing.

Pelican and Eleventy are installed into a temporary folder, by pip and npm.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any
from unittest import mock

from bench import print_peers, results
from bench.print_peers import Page

JOB = 64  # pages, as the crew's
ROUNDS = 3  # of all in turn: the same machine is half as fast again in another minute
STORE_MAX_BYTES = 2**31


@dataclass(frozen=True)
class Measured:
    """One way to make the pages."""

    pages: int
    seconds: float
    processor_seconds: float
    mean_bytes: int = 0

    @property
    def rate(self) -> float:
        """Pages a second."""
        return self.pages / self.seconds

    @property
    def processor_ms(self) -> float:
        """Processor time a page."""
        return self.processor_seconds / self.pages * 1000


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = results.parser(__doc__)
    made.add_argument("--pages", type=int, default=10_000, help="articles in the archive")
    return made


def main() -> None:
    """Make the archive, build it three ways and tell."""
    options = parser().parse_args()
    every_cpu = os.sched_getaffinity(0)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        found_newsroom(folder / "newsroom", options.pages)
        paths = article_paths()
        os.sched_setaffinity(0, {max(every_cpu)})
        print_all(paths)  # the first print, which nobody measures
        pages = list(pages_of(paths))
        ours: list[Measured] = []
        theirs: dict[str, list[Measured]] = {peer: [] for peer in print_peers.PEERS}
        for _ in range(ROUNDS):
            ours.append(print_after_theme_change(paths))
            for peer, build in print_peers.PEERS.items():
                with tempfile.TemporaryDirectory(dir=folder) as site:
                    theirs[peer].append(measured_peer(build, Path(site), pages))
        alone, peers = median_of(ours), {peer: median_of(runs) for peer, runs in theirs.items()}
        shares = shares_of_time(paths)
        os.sched_setaffinity(0, every_cpu)
        hands, together = print_with_crew(len(paths))
    report(alone, shares, peers, hands, together, write=options.write)


def found_newsroom(home: Path, pages: int) -> None:
    """A newsroom on SQLite with an archive of invented stories."""
    from stoppress.cli.opening import start_django

    home.mkdir()
    os.environ["STOPPRESS_STORE_MAX_BYTES"] = str(STORE_MAX_BYTES)
    os.environ["STOPPRESS_LOG_LEVEL"] = "error"
    start_django(home)
    from stoppress.cli.founding import Editor, Founding
    from stoppress.demo import archive

    Founding(home, {}).carry_out(Editor("Bench", "bench@news.example", os.urandom(12).hex()))
    archive.extend(pages)


def article_paths() -> list[str]:
    """Where all stories stand, the newest first."""
    from stoppress.newsroom import addresses
    from stoppress.newsroom.models import ArticleAddress

    current = ArticleAddress.objects.filter(is_current=True).order_by("-date", "-article_id")
    ids = list(current.values_list("article_id", flat=True))
    urls = addresses.current_urls(ids)
    return [urls[id_] for id_ in ids]


def print_all(paths: list[str]) -> int:
    """Print pages in jobs, as one hand of the crew does; return the bytes of their bodies."""
    from stoppress.press.batches import render_batch
    from stoppress.press.node import store
    from stoppress.press.snapshot import snapshot

    size = 0
    for start in range(0, len(paths), JOB):
        with snapshot() as seen:
            batch = render_batch(paths[start : start + JOB], seen)
        assert not batch.failed, batch.failed[0]
        store().put_all(batch.editions)
        size += sum(len(edition.body) for edition in batch.editions)
    return size


def change_theme() -> Any:
    """Make every page stale; return the printer that knows it."""
    from stoppress.press.changes import changing
    from stoppress.press.node import node_name, store
    from stoppress.press.printing import Printer

    with changing("another theme") as change:
        change.touch("epoch:theme")
    printer = Printer(store(), node_name())
    while printer.apply_changes():
        pass
    return printer


def print_after_theme_change(paths: list[str]) -> Measured:
    """Measure one process as it is."""
    change_theme().lookout.close()
    with timed() as spent:
        size = print_all(paths)
    return Measured(len(paths), spent["wall"], spent["processor"], size // len(paths))


def median_of(runs: list[Measured]) -> Measured:
    """The run that took a middling time."""
    return sorted(runs, key=lambda run: run.seconds)[len(runs) // 2]


def shares_of_time(paths: list[str]) -> dict[str, float]:
    """Where the time goes, by clocks in the process, which slow it down."""
    change_theme().lookout.close()
    with clocks() as shares, timed() as spent:
        print_all(paths)
    shares["reading and shaping, recording tags"] = spent["wall"] - sum(shares.values())
    return {name: part / spent["wall"] for name, part in shares.items()}


def print_with_crew(count: int) -> tuple[int, Measured]:
    """The printer as it runs, with its crew; the time includes starting it."""
    from stoppress.press.crew import Crew

    printer = change_theme()
    with closing(Crew()) as crew, closing(printer.lookout), timed() as spent:
        printer.crew = crew
        while printer.store.stale_paths(1) or crew.in_hand:
            if not printer.work():
                wait(crew.lines, 1.0)  # as the printer's process does
        hands = max(1, len(crew.hands))
    return hands, Measured(count, spent["wall"], spent["processor"])


def measured_peer(
    build: Callable[[Path, list[Page]], list[str]], folder: Path, pages: list[Page]
) -> Measured:
    """Build a site of all pages and one of a single page, whose time is taken off."""
    spent = {}
    for some in (pages[:1], pages):
        site = folder / str(len(some))
        command = build(site, some)
        with timed() as spent[len(some)]:
            print_peers.run(command, site)
        made = list(site.glob("output/**/*.html"))
        assert len(made) == len(some), f"{command[0]} made {len(made)} pages of {len(some)}"
    whole, start = spent[len(pages)], spent[1]
    return Measured(
        len(pages) - 1,
        whole["wall"] - start["wall"],
        whole["processor"] - start["processor"],
        sum(path.stat().st_size for path in made) // len(made),
    )


def pages_of(paths: list[str]) -> Iterator[Page]:
    """What the stories' pages show, for templates that are not ours."""
    from stoppress.newsroom.head import article_head
    from stoppress.newsroom.reading.addresses import read_address, read_ahead
    from stoppress.newsroom.reading.articles import read_article
    from stoppress.newsroom.reading.paper import read_paper, read_tree
    from stoppress.press.snapshot import snapshot
    from stoppress.syndication.markup import html_of

    for start in range(0, len(paths), JOB):
        with snapshot():
            read_ahead(paths[start : start + JOB])
            tree = read_tree()
            paper = read_paper(tree)
            for path in paths[start : start + JOB]:
                section, *day, slug = path.strip("/").rsplit("/", 4)
                found = read_address(section, *map(int, day), slug)
                story = found and read_article(found.id, tree)
                if story:
                    head = article_head(story, paper)
                    yield Page.of(story, head, paper, html_of(story.page.body, paper.origin))


@contextmanager
def timed() -> Iterator[dict[str, float]]:
    """The seconds a block takes: by the clock, and of the processor, with processes that ended."""
    spent: dict[str, float] = {}
    wall, processor = time.perf_counter(), _processor_seconds()
    yield spent
    spent["wall"] = time.perf_counter() - wall
    spent["processor"] = _processor_seconds() - processor


def _processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


@contextmanager
def clocks() -> Iterator[dict[str, float]]:
    """Sum up what queries, templates, compression and the store take."""
    import jinja2
    from django.db import connection

    from stoppress.edge import records
    from stoppress.edge.store import Store

    spent: dict[str, float] = Counter()  # type: ignore[assignment] # of floats

    def timing(name: str, function: Callable[..., Any], inner: str = "") -> Callable[..., Any]:
        def measured(*args: Any, **kwargs: Any) -> Any:
            before, began = spent[inner], time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                spent[name] += time.perf_counter() - began - (spent[inner] - before)

        return measured

    def execute(run: Callable[..., Any], *args: Any) -> Any:
        return timing("queries", run)(*args)

    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(execute))
        for owner, name, share, inner in (
            (jinja2.Template, "render", "template", ""),
            (records, "pack", "compression", ""),
            (Store, "put_all", "store", "compression"),
        ):
            watched = timing(share, getattr(owner, name), inner)
            stack.enter_context(mock.patch.object(owner, name, watched))
        yield spent
        spent.pop("", None)


def report(
    alone: Measured,
    shares: dict[str, float],
    peers: dict[str, Measured],
    hands: int,
    together: Measured,
    *,
    write: bool,
) -> None:
    """Tell what was found."""
    made = results.Report("print", "Printing an archive anew")
    made.note(
        f"{alone.pages:,} article pages after a change of theme, on one CPU. Ours are stored, "
        "compressed, with their tags and an fsync every 64 pages; theirs are files. All leave the "
        f"rail of newest stories as a hole. Medians of {ROUNDS} rounds, in turn."
    )
    rows = [("Stoppress", alone), *peers.items()]
    made.table(
        ["one CPU", "pages/s", "processor ms a page", "bytes a page"],
        [[name, each.rate, each.processor_ms, each.mean_bytes] for name, each in rows],
    )
    for name, peer in peers.items():
        made.ratio(alone.rate, peer.rate, f"of {name}'s pages a second")
    made.table(
        ["where our time goes", "%"],
        sorted(([n, part * 100] for n, part in shares.items()), key=lambda row: -float(row[1])),
    )
    crew = "one process" if hands == 1 else f"{hands} processes"
    made.note(
        f"The printer with its crew ({crew}, started in that time, readers' core left alone): "
        f"{together.rate:,.0f} pages a second."
    )
    made.close(write=write)


if __name__ == "__main__":
    main()
