"""Load by `wrk`: pages asked for at random, as a browser asks for them."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.servers import Command, Server, on_cpu

CONNECTIONS = 32
HEADERS = {  # with Host, a browser's sixteen
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
_SCRIPT = """
local headers = {{ {headers} }}
local paths = {{ {paths} }}
local etags = {{ {etags} }}
local requests = {{}}
init = function()
  headers["Host"] = wrk.headers["Host"]
  for n = 1, #paths do
    headers["If-None-Match"] = etags[n]
    requests[n] = wrk.format("GET", paths[n], headers)
  end
end
request = function() return requests[math.random(1, #paths)] end
"""


@dataclass(frozen=True)
class Measured:
    """One run of wrk."""

    rate: float  # requests a second
    p99: float  # milliseconds
    cost: float  # microseconds of the server's processor time a request


def browser_script(file: Path, paths: Sequence[str], etags: Sequence[str] = ()) -> Path:
    """What makes wrk ask as a browser does; one that comes back, if there are ETags."""
    pairs = (f"[{_lua(name)}] = {_lua(value)}" for name, value in HEADERS.items())
    file.write_text(
        _SCRIPT.format(
            headers=", ".join(pairs),
            paths=", ".join(map(_lua, paths)),
            etags=", ".join(map(_lua, etags)),
        )
    )
    return file


def one_page_script(file: Path, path: str) -> Path:
    """What makes wrk ask for one page as a browser does, at the least cost to wrk itself."""
    lines = [f"wrk.headers[{_lua(name)}] = {_lua(value)}" for name, value in HEADERS.items()]
    file.write_text("\n".join([f"wrk.path = {_lua(path)}", *lines]))
    return file


def measure(
    script: Path, server: Server, seconds: int, *, connections: int = CONNECTIONS, cpu: int = 1
) -> Measured:
    """Ask for pages at random for some seconds."""
    options: Command = ["-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", script]
    command = on_cpu(cpu, ["wrk", *options, f"http://127.0.0.1:{server.port}/"])
    before = server.cpu_seconds()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    used = server.cpu_seconds() - before
    if done.returncode or done.stderr or "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise SystemExit(f"Not every request was answered:\n{done.stdout}{done.stderr}")
    count = int(_search(r"(\d+) requests in", done.stdout)[1])
    slow = _search(r"99%\s+([\d.]+)(us|ms|s)", done.stdout)
    return Measured(
        rate=float(_search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1]),
        p99=float(slow[1]) * {"us": 0.001, "ms": 1, "s": 1000}[slow[2]],
        cost=used / count * 1e6,
    )


def _lua(text: str) -> str:
    return json.dumps(text)


def _search(pattern: str, text: str) -> re.Match[str]:
    found = re.search(pattern, text)
    if found is None:
        raise SystemExit(f"wrk said nothing of {pattern}:\n{text}")
    return found
