"""How far is a hit from nginx? Run: make bench-edge. Three alternating rounds, medians.
Takes half a minute.

One edge worker and one nginx worker serve the same 1,000 pages (7 to 15 KB compressed), the same
bytes and the same headers, to `wrk` with a browser's sixteen request headers. With two CPUs or
more the server has one to itself and wrk another. Prints both rates, the processor time a request
takes (which holds on a busy machine too), the ratios, p99, cores and date; asserts nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path
from urllib.request import Request, urlopen

from bench import results
from bench.results import Report
from stoppress.edge.editions import Edition
from stoppress.edge.store import Store

PAGES = 1000
CONNECTIONS = 32
ROUNDS = 3
STORE_MAX_BYTES = 2**30
HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
    "Accept-Encoding": "gzip",
    "Accept-Language": "en-GB,en;q=0.9",
    "Cache-Control": "max-age=0",
    "Connection": "keep-alive",
    "DNT": "1",
    "Priority": "u=0, i",
    "Sec-CH-UA": '"Chromium";v="141", "Not?A_Brand";v="8"',
    "Sec-CH-UA-Mobile": "?0",
    "Sec-CH-UA-Platform": '"Linux"',
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "none",
    "Upgrade-Insecure-Requests": "1",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/141.0.0.0 Safari/537.36",
}
NOT_FOR_NGINX = frozenset(  # it makes these itself
    {"connection", "content-encoding", "content-length", "content-type", "date", "etag", "vary"}
)
NGINX = """
master_process off; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; keepalive_requests 100000000;
  open_file_cache max=4000; open_file_cache_valid 60s;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  types {{ text/html html; }} charset utf-8; gzip_static on; gzip_vary on; server_tokens off;
  server {{
    listen 127.0.0.1:{port} backlog=4096; root {folder}/pages; index index.html; {headers}
  }}
}}
"""
WRK = """
local headers = {{ {headers} }}
local requests = {{}}
init = function()
  headers["Host"] = wrk.headers["Host"]
  for n = 0, {pages} - 1 do
    requests[n] = wrk.format("GET", "/page-" .. n .. "/", headers)
  end
end
request = function() return requests[math.random(0, {pages} - 1)] end
"""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = results.parser(__doc__)
    made.add_argument("--seconds", type=int, default=3, help="of each measurement")
    return made


def main() -> None:
    """Run the rounds and print what came of them."""
    options = parser().parse_args()
    seconds = options.seconds
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        make_pages(folder)
        with edge(folder) as edge_server:
            copy_pages(folder, edge_server.port)
            with nginx(folder, served_headers(edge_server.port)) as nginx_server:
                servers = {"edge": edge_server, "nginx": nginx_server}
                script = browser_script(folder)
                for server in servers.values():
                    measure(script, server, seconds)  # to warm up
                rounds: dict[str, list[Measured]] = {who: [] for who in servers}
                for _ in range(ROUNDS):
                    for who, server in servers.items():
                        rounds[who].append(measure(script, server, seconds))
    report(rounds, write=options.write)


@dataclass(frozen=True)
class Server:
    """Where it listens, and its process."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """User and system time so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measured:
    """One run of wrk."""

    rate: float  # requests a second
    p99: float  # milliseconds
    cost: float  # microseconds of processor time a request


def make_pages(folder: Path) -> None:
    """Pages of words, so that they compress as text does."""
    chance = random.Random(7)
    words = [
        "".join(chance.choices("abcdefghiklmnoprstuvw", k=chance.randint(2, 11)))
        for _ in range(9000)
    ]
    store = Store.open(folder / "store", max_bytes=STORE_MAX_BYTES)
    for number in range(PAGES):
        text = " ".join(chance.choices(words, k=chance.randint(2000, 4400)))
        store.put(
            Edition(
                path=f"/page-{number}/",
                status=200,
                headers=((b"content-type", b"text/html; charset=utf-8"),),
                body=f"<!doctype html><title>Page {number}</title><p>{text}".encode(),
                tags=frozenset({f"article:{number}", "list:latest"}),
                change=0,
            )
        )
    store.close()


def ask(port: int, path: str) -> tuple[dict[str, str], bytes]:
    """One answer of the edge, as a browser gets it."""
    with urlopen(Request(f"http://127.0.0.1:{port}{path}", headers=HEADERS)) as answer:
        return {name.lower(): value for name, value in answer.headers.items()}, answer.read()


def copy_pages(folder: Path, port: int) -> None:
    """Give nginx the very bytes that the edge sends."""
    for number in range(PAGES):
        directory = folder / "pages" / f"page-{number}"
        directory.mkdir(parents=True)
        (directory / "index.html").write_bytes(b"plain")
        (directory / "index.html.gz").write_bytes(ask(port, f"/page-{number}/")[1])


def served_headers(port: int) -> str:
    """The edge's headers that nginx would not send by itself."""
    headers, _ = ask(port, "/page-0/")
    return " ".join(
        f'add_header {name} "{value}";'
        for name, value in headers.items()
        if name not in NOT_FOR_NGINX
    )


@contextlib.contextmanager
def edge(folder: Path) -> Iterator[Server]:
    """One worker."""
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as listener:
        command = [
            *(sys.executable, "-m", "stoppress.edge", "--fd", str(listener.fileno())),
            *("--store", folder / "store", "--store-max-bytes", str(STORE_MAX_BYTES)),
            *("--journal", folder / "journal", "--app-socket", folder / "none.sock"),
            *("--static", folder, "--media", folder, "--origin", "http://paper.example"),
        ]
        process = subprocess.Popen(on_cpu(0, command), pass_fds=[listener.fileno()])
        with ended(process):
            yield Server(listener.getsockname()[1], process.pid)


@contextlib.contextmanager
def nginx(folder: Path, headers: str) -> Iterator[Server]:
    """One process that is its own worker."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, port=port, headers=headers))
    process = subprocess.Popen(on_cpu(0, ["nginx", "-c", config, "-e", folder / "error.log"]))
    with ended(process):
        while not listens(port):
            time.sleep(0.05)
        yield Server(port, process.pid)


def listens(port: int) -> bool:
    """Whether anyone does."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


@contextlib.contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """End a process that we started."""
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


def on_cpu(number: int, command: list[str | Path]) -> list[str | Path]:
    """The command, kept to one CPU if there are several."""
    if (os.cpu_count() or 1) < 2:
        return command
    return ["taskset", "-c", str(number), *command]


def browser_script(folder: Path) -> Path:
    """What makes wrk ask as a browser does."""
    script = folder / "browser.lua"
    pairs = (f"[{json.dumps(name)}] = {json.dumps(value)}" for name, value in HEADERS.items())
    script.write_text(WRK.format(headers=", ".join(pairs), pages=PAGES))
    return script


def measure(script: Path, server: Server, seconds: int) -> Measured:
    """Ask for pages at random for some seconds."""
    options = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", script]
    command = on_cpu(1, ["wrk", *options, f"http://127.0.0.1:{server.port}/"])
    before = server.cpu_seconds()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    used = server.cpu_seconds() - before
    if done.returncode or done.stderr or "Non-2xx" in done.stdout:
        raise SystemExit(f"Not every request was answered:\n{done.stdout}{done.stderr}")
    count = int(search(r"(\d+) requests in", done.stdout)[1])
    slow = search(r"99%\s+([\d.]+)(us|ms|s)", done.stdout)
    return Measured(
        rate=float(search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1]),
        p99=float(slow[1]) * {"us": 0.001, "ms": 1, "s": 1000}[slow[2]],
        cost=used / count * 1e6,
    )


def search(pattern: str, text: str) -> re.Match[str]:
    """What must be there."""
    found = re.search(pattern, text)
    if found is None:
        raise SystemExit(f"wrk said nothing of {pattern}:\n{text}")
    return found


def report(rounds: dict[str, list[Measured]], *, write: bool) -> None:
    """Medians, and how the rounds differed."""
    medians = {
        who: Measured(*map(statistics.median, zip(*map(astuple, measured), strict=True)))
        for who, measured in rounds.items()
    }
    made = Report("edge", "A hit beside nginx")
    made.table(
        ["", "requests/s", "rounds", "µs of processor", "p99 ms"],
        [
            [
                who,
                median.rate,
                ", ".join(f"{measured.rate:,.0f}" for measured in rounds[who]),
                median.cost,
                median.p99,
            ]
            for who, median in medians.items()
        ],
    )
    ours, theirs = medians["edge"], medians["nginx"]
    made.ratio(ours.rate, theirs.rate, "of nginx's requests a second")
    made.ratio(theirs.cost, ours.cost, "of nginx's requests by processor time")
    made.ratio(ours.p99, theirs.p99, "of nginx's p99")
    made.close(write=write)


if __name__ == "__main__":
    main()
