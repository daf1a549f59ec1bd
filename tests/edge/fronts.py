"""Front proxies as our how-to page configures them: the real programs, on free ports."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.edge.certificates import make_certificate
from tests.waiting import until

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
PAGE = HOW_TO / "put-a-proxy-in-front.md"
EXPORT_PAGE = HOW_TO / "export-a-site.md"
HOST = "news.example"


@dataclass(frozen=True, slots=True)
class Front:
    """A running front proxy."""

    address: str  # "https://127.0.0.1:41234"

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def client(self, **more: Any) -> httpx.Client:
        client = httpx.Client(
            base_url=self.address,
            headers={"host": HOST},
            verify=False,
            trust_env=False,
            timeout=20,
            **more,
        )
        send = client.send

        def send_with_name(request: httpx.Request, **options: Any) -> httpx.Response:
            request.extensions["sni_hostname"] = HOST
            return send(request, **options)

        client.send = send_with_name  # type: ignore[method-assign]
        return client


def configuration(language: str, page: Path = PAGE) -> str:
    """The one block of a language on the page."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(), re.M | re.S)
    assert len(blocks) == 1, language
    return blocks[0]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def replaced(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


@contextmanager
def nginx(edge_port: int) -> Iterator[Front]:
    with _folder("nginx") as folder:
        certificate, key = make_certificate(folder)
        port = free_port()
        site = replaced(
            configuration("nginx"),
            ("127.0.0.1:8000", f"127.0.0.1:{edge_port}"),
            ("listen 443", f"listen 127.0.0.1:{port}"),
            ("listen 80", f"listen 127.0.0.1:{free_port()}"),
            ("/etc/ssl/news.example/fullchain.pem", str(certificate)),
            ("/etc/ssl/news.example/privkey.pem", str(key)),
        )
        command = _nginx_command(folder, site)
        with _running(command, port):
            yield Front(f"https://127.0.0.1:{port}")


@contextmanager
def nginx_of_files(root: Path) -> Iterator[Front]:
    """nginx serving an exported site as the how-to page says."""
    with _folder("nginx") as folder:
        port = free_port()
        site = replaced(
            configuration("nginx", EXPORT_PAGE),
            ("/srv/export", str(root)),
            ("listen 80", f"listen 127.0.0.1:{port}"),
        )
        types = "include /etc/nginx/mime.types;\n"
        with _running(_nginx_command(folder, types + site), port):
            yield Front(f"http://127.0.0.1:{port}")


@contextmanager
def nginx_that_logs(address: str, logs: str) -> Iterator[Front]:
    """nginx in front of a newsroom's address, with directives that say what it logs."""
    with _folder("nginx") as folder:
        port = free_port()
        site = (
            f"{logs}server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass {address};\n"
            "proxy_set_header Host $http_host; proxy_http_version 1.1; } }\n"
        )
        command = _nginx_command(folder, site, access_log="")
        with _running(command, port):
            yield Front(f"http://127.0.0.1:{port}")


def _nginx_command(folder: Path, site: str, *, access_log: str = "access_log off;") -> list[str]:
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    file = folder / "nginx.conf"
    file.write_text(
        f"user root root; pid {folder}/pid; error_log stderr;\nworker_processes 1;\n"
        f"events {{}}\nhttp {{ {access_log}\n{places}{site}}}\n"
    )
    return ["nginx", "-e", "stderr", "-c", str(file), "-g", "daemon off;"]


@contextmanager
def caddy(edge_port: int) -> Iterator[Front]:
    with _folder("caddy") as folder:
        certificate, key = make_certificate(folder)
        port = free_port()
        site = replaced(
            configuration("caddy"),
            ("127.0.0.1:8000", f"127.0.0.1:{edge_port}"),
            (
                "news.example {",
                f"https://{HOST}:{port} {{\n\tbind 127.0.0.1\n\ttls {certificate} {key}",
            ),
        )
        file = folder / "Caddyfile"
        file.write_text(f"{{\n\tadmin off\n\tauto_https off\n}}\n{site}")
        with _running(["caddy", "run", "--config", str(file)], port, HOME=str(folder)):
            yield Front(f"https://127.0.0.1:{port}")


@contextmanager
def varnish(edge_port: int, port: int | None = None) -> Iterator[Front]:
    with _folder("varnish") as folder:
        port = port or free_port()
        file = folder / "default.vcl"
        file.write_text(
            replaced(configuration("vcl"), ('.port = "8000"', f'.port = "{edge_port}"'))
        )
        command = [
            *("varnishd", "-F", "-j", "none", "-n", str(folder / "work"), "-f", str(file)),
            *("-a", f"127.0.0.1:{port}", "-T", "none", "-s", "malloc,32m"),
        ]
        with _running(command, port):
            yield Front(f"http://127.0.0.1:{port}")


@contextmanager
def _folder(program: str) -> Iterator[Path]:
    if shutil.which({"varnish": "varnishd"}.get(program, program)) is None:
        pytest.skip(f"{program} is not installed")
    with tempfile.TemporaryDirectory(prefix=f"{program}-") as name:
        yield Path(name)


@contextmanager
def _running(command: list[str], port: int, **environment: str) -> Iterator[None]:
    log = tempfile.TemporaryFile()  # noqa: SIM115
    process = subprocess.Popen(
        command, stdout=log, stderr=log, env={"PATH": "/usr/sbin:/usr/bin:/bin", **environment}
    )

    def listens() -> bool:
        if process.poll() is not None:
            log.seek(0)
            raise AssertionError(log.read().decode(errors="replace"))
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        until(listens, f"{command[0]} to listen")
        yield
    finally:
        process.terminate()
        process.wait(20)
        log.close()
