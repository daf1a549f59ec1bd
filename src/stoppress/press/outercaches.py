"""Outer caches: how each kind in front of the paper is told to drop what changed.

Two kinds. A plain HTTP cache (Varnish) takes `BAN /` with the keys in Surrogate-Key, and `PURGE`
with a path. Wagtail's front-end cache backends (Cloudflare, CloudFront, Azure, HTTP …) know
addresses only; they log what went wrong in place of raising it, so we listen to their log.
"""

import logging
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx
from django.core.exceptions import ImproperlyConfigured

from stoppress.edge.targets import encode_target
from stoppress.press.errors import BadPurgeBackend, PurgeFailed

TIMEOUT_SECONDS = 5.0
KEYS_AT_ONCE = 128  # of at most 32 characters: half of the 8 KB that Varnish takes in one header
URLS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Order:
    """What a cache is to drop."""

    keys: frozenset[str] = frozenset()
    paths: frozenset[str] = frozenset()

    def __or__(self, other: "Order") -> "Order":
        return Order(self.keys | other.keys, self.paths | other.paths)

    def __sub__(self, other: "Order") -> "Order":
        return Order(self.keys - other.keys, self.paths - other.paths)

    def __bool__(self) -> bool:
        return bool(self.keys or self.paths)


class OuterCache(Protocol):
    """One cache in front of the paper."""

    name: str
    knows_keys: bool

    def purge(self, order: Order) -> None:
        """Have it drop what the order names. Raises PurgeFailed."""


class HttpCache:
    """A cache that takes BAN and PURGE over HTTP, such as Varnish."""

    knows_keys = True

    def __init__(self, address: str, *, origin: str) -> None:
        self.name = address
        self._address = address
        self._host = urlsplit(origin).netloc

    def purge(self, order: Order) -> None:
        """Ban by keys, purge by paths. A path that it does not have (404) is as good as purged."""
        with httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False, verify=_trusted()) as client:
            for keys in _batches(sorted(order.keys), KEYS_AT_ONCE):
                self._ask(client, "BAN", "/", {"surrogate-key": " ".join(keys)})
            for path in sorted(order.paths):
                self._ask(client, "PURGE", encode_target(path).decode(), {})

    def _ask(
        self, client: httpx.Client, method: str, target: str, headers: Mapping[str, str]
    ) -> None:
        try:
            answer = client.request(
                method, self._address + target, headers={"host": self._host, **headers}
            )
        except httpx.HTTPError as error:
            raise PurgeFailed(self.name, str(error) or type(error).__name__) from error
        if not answer.is_success and not (method == "PURGE" and answer.status_code == 404):
            raise PurgeFailed(self.name, f"it answered {answer.status_code} to {method} {target}")


@cache
def _trusted() -> ssl.SSLContext:
    # Read once: it takes 20 ms, longer than to print a page.
    return httpx.create_ssl_context(trust_env=False)


class WagtailCache:
    """A cache behind one of Wagtail's backends, which know addresses."""

    knows_keys = False

    def __init__(self, name: str, backend: Any, *, origin: str) -> None:
        self.name = name
        self._backend = backend
        self._origin = origin

    def purge(self, order: Order) -> None:
        """Purge the addresses of the order's paths."""
        if not self._backend.invalidates_hostname(urlsplit(self._origin).hostname or ""):
            return
        urls = [self._origin + encode_target(path).decode() for path in sorted(order.paths)]
        with _heard() as complaints:
            for some in _batches(urls, URLS_AT_ONCE):
                try:
                    self._backend.purge_batch(list(some))
                except Exception as error:  # a stranger's code: whatever it raises, it failed
                    raise PurgeFailed(self.name, f"{type(error).__name__}: {error}") from error
        if complaints:
            raise PurgeFailed(self.name, complaints[0])


def outer_caches(
    addresses: Sequence[str], backends: Mapping[str, Mapping[str, Any]], *, origin: str
) -> tuple[OuterCache, ...]:
    """The caches that the settings name. Raises BadPurgeBackend."""
    return (
        *(HttpCache(address, origin=origin) for address in addresses),
        *(_wagtail_cache(name, given, origin=origin) for name, given in backends.items()),
    )


def _wagtail_cache(name: str, parameters: Mapping[str, Any], *, origin: str) -> WagtailCache:
    from wagtail.contrib.frontend_cache.utils import get_backends

    try:
        backend = get_backends({name: dict(parameters)})[name]
    except (ImproperlyConfigured, ImportError, KeyError, TypeError) as error:
        raise BadPurgeBackend(name, error) from error
    return WagtailCache(name, backend, origin=origin)


class _Ear(logging.Handler):
    """Collects the errors that this thread logs."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.complaints: list[str] = []
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self.complaints.append(record.getMessage()[:500])


@contextmanager
def _heard() -> Iterator[list[str]]:
    ear = _Ear()
    root = logging.getLogger()  # where Wagtail's backends complain, directly or by inheritance
    root.addHandler(ear)
    try:
        yield ear.complaints
    finally:
        root.removeHandler(ear)


def _batches(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
