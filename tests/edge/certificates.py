"""Certificates for tests, made by openssl."""

from __future__ import annotations

import subprocess
from pathlib import Path

_CA = """[ca]
default_ca = here
[here]
database = {folder}/index.txt
new_certs_dir = {folder}
serial = {folder}/serial
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
"""


def make_certificate(folder: Path, *, name: str = "news.example") -> tuple[Path, Path]:
    """A self-signed certificate for a host name, and its key."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    _openssl(
        *("req", "-x509", "-nodes", "-newkey", "ec", "-days", "30"),
        *("-pkeyopt", "ec_paramgen_curve:prime256v1"),
        *("-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"),
        *("-keyout", str(key), "-out", str(certificate)),
    )
    return certificate, key


def make_dated_certificate(folder: Path, key: Path, begins: int, ends: int) -> Path:
    """A certificate that is good from the first day of one year to that of another."""
    (folder / "index.txt").write_text("")
    (folder / "serial").write_text("01")
    (folder / "ca.cnf").write_text(_CA.format(folder=folder))
    request, certificate = folder / "request.pem", folder / f"{begins}-{ends}.pem"
    _openssl("req", "-new", "-key", str(key), "-subj", "/CN=news.example", "-out", str(request))
    _openssl(
        *("ca", "-batch", "-selfsign", "-config", str(folder / "ca.cnf"), "-keyfile", str(key)),
        *("-startdate", f"{begins}0101000000Z", "-enddate", f"{ends}0101000000Z"),
        *("-in", str(request), "-out", str(certificate), "-notext"),
    )
    return certificate


def encrypt_key(key: Path) -> Path:
    """The key, behind a password."""
    encrypted = key.with_suffix(".encrypted")
    _openssl("ec", "-aes256", "-passout", "pass:x", "-in", str(key), "-out", str(encrypted))
    return encrypted


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)
