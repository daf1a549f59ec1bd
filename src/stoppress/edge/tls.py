"""TLS at the edge: one certificate, modern defaults, renewed without a restart.

Before a certificate is used, a client and a server shake hands over it in memory. That proves in
one step, with nothing but the standard library, that files, key and dates are in order.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from stoppress.edge.errors import CertificateUnusable

HANDSHAKE_SECONDS = 10
# For TLS 1.2; those of 1.3 are all good. Forward secrecy and authenticated encryption only.
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"

MOST_FLIGHTS = 20  # of a handshake in memory; TLS 1.3 takes four

_EXPIRED, _NOT_YET_VALID = 10, 9  # X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID

log = structlog.get_logger("stoppress.edge")


@dataclass(frozen=True, slots=True)
class Examined:
    """What is known of a certificate in order."""

    expires_at: float  # seconds since the epoch
    names: tuple[str, ...]


class Certificate:
    """The edge's certificate and key, and the context that serves them."""

    def __init__(self, certificate: Path, key: Path) -> None:
        """Read both files. Raises CertificateUnusable."""
        self._files = certificate, key
        self.expires_at = examine(certificate, key).expires_at
        self.context = _server_context(certificate, key)
        self._stamps = self._stat()

    def refresh(self) -> None:
        """Take up renewed files for connections to come; keep the old ones if they can't be used.

        Costs two stats. A live context is loaded only after the files have passed, since loading
        a key that does not fit would leave it with half of each.
        """
        stamps = self._stat()
        if stamps == self._stamps:
            return
        self._stamps = stamps
        try:
            self.expires_at = examine(*self._files).expires_at
            self.context.load_cert_chain(*self._files, password=_refuse_password)
        except (CertificateUnusable, ssl.SSLError, OSError) as error:
            log.warning("the certificate is not renewed: the new one is no good", why=str(error))
        else:
            log.info("the certificate is renewed", expires_at=self.expires_at)

    def _stat(self) -> tuple[tuple[int, int, int] | None, ...]:
        return tuple(map(_stamp, self._files))


def examine(certificate: Path, key: Path) -> Examined:
    """Prove that a certificate and its key can be served now. Raises CertificateUnusable."""
    _refuse_unless_pem(certificate, "certificate", "-----BEGIN CERTIFICATE-----")
    _refuse_unless_pem(key, "private key", "PRIVATE KEY-----")
    server = _server_context(certificate, key)
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # whoever signed it is not our business
    client.load_verify_locations(cafile=str(certificate))
    try:
        peer = _shake_hands(server, client)
    except ssl.SSLCertVerificationError as error:
        raise CertificateUnusable(certificate, _why_refused(error)) from error
    except ssl.SSLError as error:
        raise CertificateUnusable(certificate, f"can't be served: {error}.") from error
    names = tuple(str(name) for kind, name in peer.get("subjectAltName", ()) if kind == "DNS")
    return Examined(ssl.cert_time_to_seconds(str(peer["notAfter"])), names)


def _server_context(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHERS)
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(certificate, key, password=_refuse_password)
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            why = f"does not belong to the key {key}. Give the key it was issued for."
        else:
            why = f"or the key {key} can't be read: {error}. Both must be whole PEM files."
        raise CertificateUnusable(certificate, why) from error
    except _Encrypted as error:
        why = "is encrypted, and nobody is there to type its password. Store it decrypted."
        raise CertificateUnusable(key, why) from error
    return context


class _Encrypted(Exception):
    pass


def _refuse_password() -> str:
    raise _Encrypted


def _refuse_unless_pem(file: Path, what: str, mark: str) -> None:
    try:
        text = file.read_text("ascii", errors="replace")
    except OSError as error:
        why = f"can't be read ({error.strerror}). Let this user read it, or name another file."
        raise CertificateUnusable(file, why) from error
    if mark not in text:
        raise CertificateUnusable(file, f"holds no {what} in PEM form. Name the file that does.")


def _shake_hands(server_context: ssl.SSLContext, client_context: ssl.SSLContext) -> dict[str, Any]:
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = server_context.wrap_bio(to_server, to_client, server_side=True)
    client = client_context.wrap_bio(to_client, to_server, server_hostname="examined.invalid")
    waiting = [client, server]
    for _ in range(MOST_FLIGHTS):
        if waiting:
            side = waiting.pop(0)
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                waiting.append(side)
    return dict(client.getpeercert() or {})


def _why_refused(error: ssl.SSLCertVerificationError) -> str:
    if error.verify_code == _EXPIRED:
        return "has expired. Renew it."
    if error.verify_code == _NOT_YET_VALID:
        return "is not valid yet. Wait for its first day, or set this machine's clock."
    return f"would be refused by browsers: {error.verify_message}."


def _stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
