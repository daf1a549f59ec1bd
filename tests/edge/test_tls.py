"""TLS at the edge: hits in the lane, modern defaults, renewal while serving, clear refusals."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from stoppress.edge.errors import CertificateUnusable
from stoppress.edge.store import Store
from stoppress.edge.tls import examine
from tests.edge.certificates import encrypt_key, make_certificate, make_dated_certificate
from tests.edge.conftest import a_folder
from tests.edge.newsroom import App, Worker, edge_worker, edition, eventually, read_answer
from tests.edge.test_lane import lane_answers

PAGE = "<!doctype html><p>" + "The harbour board met again. " * 200


@dataclass
class Secure:
    folder: Path
    worker: Worker
    store: Store

    def connect(self, **more: object) -> ssl.SSLSocket:
        context = ssl.create_default_context(cafile=str(self.folder / "news.example.pem"))
        for name, value in more.items():
            setattr(context, name, value)
        plain = socket.create_connection(("127.0.0.1", self.worker.port), timeout=20)
        return context.wrap_socket(plain, server_hostname="news.example")


@pytest.fixture(scope="module")
def secure() -> Iterator[Secure]:
    with a_folder() as folder:
        certificate, key = make_certificate(folder)
        store = Store.open(folder / "store", max_bytes=64 * 2**20)
        options = (f"--tls-certificate={certificate}", f"--tls-key={key}")
        options += ("--origin", "https://news.example")
        app = App(folder / "app.sock", store)
        with app.running(), edge_worker(folder, *options, scheme="https") as worker:
            yield Secure(folder, worker, store)
        store.close()


def test_hits_take_the_lane(secure: Secure):
    secure.store.put(edition("/world/", PAGE))
    with secure.worker.client() as client:  # from then on it is on the shelf
        client.get("/world/", headers={"accept-encoding": ""})
    before = lane_answers(secure.worker)
    with secure.connect() as connection:
        for _ in range(3):
            connection.sendall(b"GET /world/ HTTP/1.1\r\nHost: news.example\r\n\r\n")
            answer = read_answer(connection)
            assert answer.startswith(b"HTTP/1.1 200")
            assert b"strict-transport-security: max-age=31536000" in answer
    assert lane_answers(secure.worker) == before + 3


def test_the_app_hears_that_it_is_https(secure: Secure):
    with secure.worker.client() as client:
        assert client.post("/desk/", content=b"x" * 100_000).headers["x-size"] == "100000"


def test_old_versions_of_tls_are_refused(secure: Secure):
    with warnings.catch_warnings(), pytest.raises(ssl.SSLError):
        warnings.simplefilter("ignore", DeprecationWarning)
        secure.connect(minimum_version=ssl.TLSVersion.TLSv1, maximum_version=ssl.TLSVersion.TLSv1_1)
    with secure.connect(maximum_version=ssl.TLSVersion.TLSv1_2) as connection:
        assert "GCM" in connection.cipher()[0] or "CHACHA" in connection.cipher()[0]
    with secure.connect() as connection:
        assert connection.version() == "TLSv1.3"


def test_a_client_that_does_not_shake_hands_is_let_go(secure: Secure):
    with secure.worker.connect() as silent, secure.worker.connect() as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = plain.recv(4096)
        assert not answer.startswith(b"HTTP/")
        assert silent.recv(4096) == b""  # closed, after ten seconds


def test_a_renewed_certificate_is_taken_up_without_a_restart(secure: Secure):
    def served() -> bytes:
        text = ssl.get_server_certificate(("127.0.0.1", secure.worker.port))
        return ssl.PEM_cert_to_DER_cert(text)

    before = served()
    certificate = secure.folder / "news.example.pem"
    kept = certificate.read_bytes()
    certificate.write_text("half a file")
    eventually(lambda: served() == before)
    with a_folder() as aside:
        renewed, key = make_certificate(aside)
        shutil.copy(key, secure.folder / "news.example.key")
        shutil.copy(renewed, certificate)
    assert kept != certificate.read_bytes()
    eventually(lambda: served() != before)
    with secure.connect() as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: news.example\r\n\r\n")
        assert read_answer(connection).startswith(b"HTTP/1.1 200")


def test_a_certificate_in_order_says_until_when_and_for_whom(folder: Path):
    examined = examine(*make_certificate(folder))
    assert examined.names == ("news.example",)
    assert examined.expires_at > 0


def test_certificates_that_can_not_be_served_are_named(folder: Path):
    certificate, key = make_certificate(folder)
    other, other_key = make_certificate(folder, name="other.example")
    expired = make_dated_certificate(folder, key, 2020, 2021)
    early = make_dated_certificate(folder, key, 2090, 2091)
    empty = folder / "empty.pem"
    empty.touch()
    broken = folder / "broken.pem"
    broken.write_text(certificate.read_text()[:200])
    for files, said in (
        ((folder / "none.pem", key), "none.pem can't be read (No such file"),
        ((certificate, folder), "can't be read (Is a directory)"),
        ((empty, key), "empty.pem holds no certificate"),
        ((certificate, other), "holds no private key"),
        ((broken, key), "can't be read"),
        ((certificate, other_key), "does not belong to the key"),
        ((certificate, encrypt_key(key)), "is encrypted"),
        ((expired, key), "has expired. Renew it."),
        ((early, key), "is not valid yet"),
    ):
        with pytest.raises(CertificateUnusable) as raised:
            examine(*files)
        assert said in str(raised.value)


@pytest.mark.parametrize("given", ["certificate", "both"])
def test_a_worker_says_why_it_does_not_start(folder: Path, given: str):
    certificate, _ = make_certificate(folder)
    command = [
        *(sys.executable, "-m", "stoppress.edge", "--port", "0", "--origin", "https://x"),
        *("--store", folder / "store", "--journal", folder / "journal"),
        *("--app-socket", folder / "app.sock", "--static", folder, "--media", folder),
        *("--tls-certificate", certificate),
    ]
    if given == "both":
        command += ["--tls-key", make_certificate(folder, name="other.example")[1]]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    expected = "does not belong" if given == "both" else "give both, or neither"
    assert expected in ended.stderr
