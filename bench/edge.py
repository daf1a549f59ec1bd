"""How far is a hit from nginx? Run: make bench-edge. Takes three minutes.

A newsroom with a thousand stories, each 7 to 15 KB compressed. One edge worker serves it as in
production: negotiation, the rail composed in, Date, metrics. One nginx worker serves the same bytes
and headers from files (gzip_static). `wrk` asks both for pages at random over kept connections with
a browser's sixteen request headers, turn by turn, in three rounds of which the medians count; then
again as readers who come back (If-None-Match), and again while the app renders misses. The same
pages rendered by Django for each request are the third peer. With two CPUs or more the server has
one to itself, and wrk another, which it shares with the app. Asserts nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from pathlib import Path
from urllib.request import Request, urlopen

from bench import newsrooms, results
from bench.results import Report
from bench.servers import Server, nginx
from bench.wrk import CONNECTIONS, HEADERS, Measured, browser_script, measure

PAGES = 1000
ROUNDS = 3
MISSES_A_SECOND = 8
DJANGO_PAGES = 100
DJANGO_CONNECTIONS = 4  # more would only wait
NOT_FOR_NGINX = frozenset(  # it makes these itself
    {"connection", "content-encoding", "content-length", "content-type", "date", "etag", "vary"}
)

Rounds = dict[str, Measured]


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = results.parser(__doc__)
    made.add_argument("--seconds", type=int, default=3, help="of each measurement")
    return made


def main() -> None:
    """Make the newsroom, measure, and report."""
    options = parser().parse_args()
    seconds = options.seconds
    spare = MISSES_A_SECOND * seconds * (2 * ROUNDS + 4)
    with newsrooms.newsroom(PAGES + spare) as home:
        paths = newsrooms.story_paths(home)
        paths, unread = paths[:PAGES], paths[PAGES:]
        with newsrooms.app(home, cpu=1), newsrooms.edge(home) as edge:
            sizes = copy_pages(home, edge, paths)
            with nginx(home, served_headers(edge, paths[0])) as files:
                servers = {"edge": edge, "nginx": files}
                hits = alternate(home, servers, paths, seconds, conditional=False)
                returns = alternate(home, servers, paths, seconds, conditional=True)
                with misses(edge, unread):
                    beside = alternate(home, servers, paths, seconds, conditional=False)
        with newsrooms.django_alone(home) as django:
            ask(django, paths[0])  # to warm up
            script = browser_script(home / "django.lua", paths[:DJANGO_PAGES])
            alone = measure(script, django, 2 * seconds, connections=DJANGO_CONNECTIONS)
    report(hits, returns, beside, alone, sizes, write=options.write)


def copy_pages(home: Path, edge: Server, paths: Sequence[str]) -> list[int]:
    """Give nginx the very bytes that the edge sends; return their sizes."""
    sizes = []
    for path in paths:
        directory = home / "pages" / path.strip("/")
        directory.mkdir(parents=True)
        (directory / "index.html").write_bytes(b"plain")
        body = ask(edge, path)[1]
        (directory / "index.html.gz").write_bytes(body)
        sizes.append(len(body))
    return sizes


def ask(server: Server, path: str) -> tuple[dict[str, str], bytes]:
    """One answer, as a browser gets it."""
    with urlopen(Request(f"http://127.0.0.1:{server.port}{path}", headers=HEADERS)) as answer:
        return {name.lower(): value for name, value in answer.headers.items()}, answer.read()


def served_headers(edge: Server, path: str) -> str:
    """The edge's headers that nginx would not send by itself."""
    headers, _ = ask(edge, path)
    return " ".join(
        f"add_header {name} '{value.replace(chr(39), chr(92) + chr(39))}';"
        for name, value in headers.items()
        if name not in NOT_FOR_NGINX
    )


def alternate(
    home: Path, servers: dict[str, Server], paths: Sequence[str], seconds: int, *, conditional: bool
) -> Rounds:
    """Measure the servers in turn; the medians of the rounds, after one to warm up."""
    scripts = {}
    for who, server in servers.items():
        etags = [ask(server, path)[0]["etag"] for path in paths] if conditional else []
        scripts[who] = browser_script(home / f"{who}.lua", paths, etags)
        measure(scripts[who], server, 1)
    rounds: dict[str, list[Measured]] = {who: [] for who in servers}
    for _ in range(ROUNDS):
        for who, server in servers.items():
            rounds[who].append(measure(scripts[who], server, seconds))
    return {who: median(measured) for who, measured in rounds.items()}


def median(rounds: Sequence[Measured]) -> Measured:
    """The median of each number."""
    return Measured(*map(statistics.median, zip(*map(astuple, rounds), strict=True)))


@contextlib.contextmanager
def misses(edge: Server, paths: Sequence[str]) -> Iterator[None]:
    """Ask the edge for pages nobody has read yet, so many a second, as long as this is open."""
    is_over = threading.Event()

    def run() -> None:
        begun = time.monotonic()
        for number in itertools.count():
            if is_over.wait(max(0.0, begun + number / MISSES_A_SECOND - time.monotonic())):
                return
            ask(edge, paths[number])

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def report(
    hits: Rounds,
    returns: Rounds,
    beside: Rounds,
    alone: Measured,
    sizes: Sequence[int],
    *,
    write: bool,
) -> None:
    """What came of it."""
    made = Report("edge", "Pages from the edge")
    low, high = (size / 1000 for size in (min(sizes), max(sizes)))
    made.note(
        f"How far is a hit from nginx? {PAGES:,} story pages of {low:.1f} to {high:.1f} KB "
        f"compressed, at random, {CONNECTIONS} kept connections, a browser's sixteen request "
        f"headers; medians of {ROUNDS} alternating rounds. nginx serves the same bytes and headers "
        "from files."
    )
    cases = {"200": hits, "304": returns, f"200, {MISSES_A_SECOND} misses/s": beside}
    made.table(
        ["", "requests/s", "p99 ms", "µs of processor"],
        [
            *(
                [f"{who}, {case}", each.rate, each.p99, each.cost]
                for case, rounds in cases.items()
                for who, each in rounds.items()
            ),
            ["Django on uvicorn", alone.rate, alone.p99, alone.cost],
        ],
    )
    for name, rounds in (("", hits), (" in 304s", returns), (" beside misses", beside)):
        ours, theirs = rounds["edge"], rounds["nginx"]
        made.ratio(ours.rate, theirs.rate, f"of nginx's requests a second{name}")
        made.ratio(theirs.cost, ours.cost, f"by processor time{name}")
        made.ratio(ours.p99, theirs.p99, f"of nginx's p99{name}")
    made.ratio(hits["edge"].rate, alone.rate, "times the pages that Django alone renders")
    made.note(
        "The server has a CPU to itself, wrk has the other. Beside misses, the app that renders "
        "them and who asks for them share wrk's, for nginx's turns as for the edge's; the edge "
        "worker passes them on, and takes each new page in. Django renders on the server's CPU, "
        f"{DJANGO_CONNECTIONS} requests at a time, and keeps nothing."
    )
    made.close(write=write)


if __name__ == "__main__":
    main()
