"""The edge's room: what one worker has open, shared by the lane and the ASGI app."""

from __future__ import annotations

import ipaddress
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stoppress.edge.answers import Answer
from stoppress.edge.asgi import Scope, headers_of
from stoppress.edge.clients import Clients
from stoppress.edge.countries import Countries
from stoppress.edge.errors import StoreDamaged
from stoppress.edge.files import Folder
from stoppress.edge.groups import Groups
from stoppress.edge.heads import Heads
from stoppress.edge.journal import MOST_FROM_NETWORK
from stoppress.edge.live import Live
from stoppress.edge.metrics import FOLDER, Metrics
from stoppress.edge.misses import Misses
from stoppress.edge.policy import Policy, Purges
from stoppress.edge.proxies import Proxies
from stoppress.edge.readerkeys import ReaderKeys
from stoppress.edge.reads import Reads
from stoppress.edge.reportheads import ReportHeads
from stoppress.edge.shelf import Shelf
from stoppress.edge.store import Store
from stoppress.edge.targets import canonical_path
from stoppress.edge.tls import Certificate
from stoppress.edge.upstream import Upstream
from stoppress.edge.uses import Uses

PRIVATE_PREFIXES = ("/desk/", "/search/", "/account/")
QUERY = frozenset({"page"})  # the parameters that name editions


@dataclass(frozen=True, slots=True)
class Settings:
    """What a worker is told when it is started."""

    store: Path
    store_max_bytes: int
    journal: Path
    app_socket: Path
    static: Path
    media: Path
    origin: str
    private_prefixes: tuple[str, ...] = PRIVATE_PREFIXES
    query: frozenset[str] = QUERY
    frame_hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    max_connections: int = 20_000
    connections_per_client: int = 512
    max_body_bytes: int = 64 * 2**20
    most_from_network: int = MOST_FROM_NETWORK
    reader_keys: ReaderKeys | None = None  # without, readers are known to this worker alone
    purges: Purges = "nothing"
    certificate: tuple[Path, Path] | None = None  # and its key
    country_database: Path | None = None


class Room:
    """One worker's parts. Opening it opens the store."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.counted: Counter[str] = Counter()
        self.damage: StoreDamaged | None = None  # what a reader's request ran into
        self.max_connections = settings.max_connections
        self.private_prefixes = settings.private_prefixes
        self.store = Store.open(settings.store, max_bytes=settings.store_max_bytes)
        self.groups = Groups(settings.journal, settings.most_from_network)
        self.certificate = Certificate(*settings.certificate) if settings.certificate else None
        self.proxies = Proxies(settings.trusted_proxies)
        self.policy = Policy(
            origin=settings.origin, frame_hosts=settings.frame_hosts, purges=settings.purges
        )
        self.uses = Uses(settings.store)
        self.shelf = Shelf(self.store, self.policy, self.counted, self.uses)
        self.clients = Clients(settings.connections_per_client, self.proxies)
        self.heads = Heads(self.canonical)
        self.upstream = Upstream(
            settings.app_socket, origin=settings.origin, max_body_bytes=settings.max_body_bytes
        )
        self.misses = Misses(self.upstream, self.counted, self.store.applied)
        self.live = Live(self.store, self.counted)
        self.reader_keys = settings.reader_keys or ReaderKeys.draw(time.time())
        self.reads = Reads(
            self.store,
            self.groups,
            self.reader_keys,
            self.counted,
            origin=settings.origin,
            countries=Countries(settings.country_database) if settings.country_database else None,
        )
        self.report_heads = ReportHeads(self.reads, self.proxies)
        self.static = Folder(settings.static, is_media=False)
        self.media = Folder(settings.media, is_media=True)
        self.metrics = Metrics(settings.store / FOLDER, self.counted, self._gauges)

    async def close(self) -> None:
        """Give everything back."""
        await self.upstream.close()
        self.shelf.close()
        self.metrics.close()
        await self.groups.close()
        self.store.close()

    def canonical(self, path: bytes, query: bytes) -> str:
        """The path of the edition a target asks for. Raises BadTarget."""
        return canonical_path(path, query, self.settings.query)

    def find_answer(self, path: str, accepted: tuple[str, ...]) -> Answer | None:
        """The answer for a reader's page, if it is at hand. Raises StoreUnavailable."""
        return self.shelf.find(path, accepted)

    async def load_answer(self, path: str, accepted: tuple[str, ...]) -> Answer | None:
        """The answer for a reader's page, if the store has it now. Raises StoreUnavailable."""
        return await self.shelf.load(path, accepted)

    def refresh(self, path: str) -> None:
        """Have a stale page printed soon."""
        self.counted["stale_served"] += 1
        self.misses.refresh(path)

    def is_local(self, scope: Scope) -> bool:
        """Whether the client is this machine itself, not a proxy that asks for somebody."""
        headers = headers_of(scope)
        if not scope["client"] or b"x-forwarded-for" in headers or b"forwarded" in headers:
            return False
        return ipaddress.ip_address(scope["client"][0]).is_loopback

    def _gauges(self) -> Mapping[str, float]:
        gauges = {
            "streams": len(self.live),
            "applied": self.store.applied(),
            "store_used_share": round(self.store.used_share(), 4),
            "store_unwritable": float(self.store.trouble() is not None),
            "journal_unwritable": float(bool(self.groups.trouble)),
        }
        if self.certificate:
            gauges["certificate_expires_at"] = int(self.certificate.expires_at)
        return gauges
