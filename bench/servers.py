"""Servers that benchmarks start, each kept to a CPU, and what the kernel says of them."""

from __future__ import annotations

import contextlib
import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

STORE_MAX_BYTES = 2**30
PATIENCE_SECONDS = 20

Command = Sequence[str | Path]

_NGINX = """
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


@dataclass(frozen=True)
class Server:
    """Where it listens, and its process."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """User and system time so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_bytes(self) -> int:
        """What the process has taken for itself: no files, no shared memory."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024
        raise SystemExit(f"The kernel does not tell the memory of process {self.pid}.")


@contextlib.contextmanager
def edge(
    folder: Path, *, origin: str = "http://paper.example", app_socket: Path | None = None
) -> Iterator[Server]:
    """One edge worker on the store in a folder."""
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as listener:
        command: Command = [
            *(sys.executable, "-m", "stoppress.edge", "--fd", str(listener.fileno())),
            *("--store", folder / "store", "--store-max-bytes", str(STORE_MAX_BYTES)),
            *("--journal", folder / "journal"),
            *("--app-socket", app_socket or folder / "none.sock"),
            *("--static", folder, "--media", folder, "--origin", origin),
        ]
        process = subprocess.Popen(on_cpu(0, command), pass_fds=[listener.fileno()])
        with ended(process):
            yield Server(listener.getsockname()[1], process.pid)


@contextlib.contextmanager
def nginx(folder: Path, headers: str) -> Iterator[Server]:
    """One nginx process that is its own worker, for the files in `pages` of a folder."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    config = folder / "nginx.conf"
    config.write_text(_NGINX.format(folder=folder, port=port, headers=headers))
    process = subprocess.Popen(on_cpu(0, ["nginx", "-c", config, "-e", folder / "error.log"]))
    with ended(process):
        wait_until_listening(port)
        yield Server(port, process.pid)


@contextlib.contextmanager
def python_server(call: str) -> Iterator[Server]:
    """A server of our own in a process: `call` is such as `bench.live_peers.bare`.

    It is called with the number of a listening socket.
    """
    module, _, function = call.rpartition(".")
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as listener:
        code = f"from {module} import {function}; {function}({listener.fileno()})"
        command = on_cpu(0, [sys.executable, "-c", code])
        process = subprocess.Popen(command, pass_fds=[listener.fileno()])
        with ended(process):
            yield Server(listener.getsockname()[1], process.pid)


def wait_until_listening(port: int) -> None:
    """Wait for somebody to listen on a port."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise SystemExit(f"Nobody listens on port {port} after {PATIENCE_SECONDS} seconds.")


@contextlib.contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """End a process that we started."""
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def on_cpu(number: int, command: Command) -> Command:
    """The command, kept to one CPU if there are several."""
    if (os.cpu_count() or 1) < 2:
        return command
    return ["taskset", "-c", str(number), *command]


def allow_open_files(count: int) -> None:
    """Let this process and those it starts have so many files open, or say what to do."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < count:
        raise SystemExit(
            f"This shell may open {hard} files at most; this takes {count}. Raise it: "
            f"ulimit -Hn {count}"
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count), hard))
