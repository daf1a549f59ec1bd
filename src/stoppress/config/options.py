"""Every setting of a newsroom, declared once.

Settings, the file that `stoppress init` writes, `stoppress doctor`, the reference page and its test
all read this table. A setting is here only if two newsrooms would choose differently; whatever is
right for all of them is a constant where it is used.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from stoppress.config import kinds
from stoppress.config.kinds import Kind

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

PREFIX = "STOPPRESS_"
HOME_VARIABLE = "STOPPRESS_HOME"  # where the file is, so it can't be in the file


@dataclass(frozen=True, slots=True)
class Setting(Generic[T_co]):
    """One setting: `STOPPRESS_PORT` in the environment, `port` in stoppress.toml."""

    name: str
    kind: Kind[T_co]
    default: object  # written as in the file
    help: str
    unit: str = ""

    @property
    def key(self) -> str:
        """Its name in stoppress.toml."""
        return self.name.removeprefix(PREFIX).lower()


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that belong together, under one heading."""

    title: str
    settings: tuple[Setting[object], ...]


PAPER_NAME = Setting("STOPPRESS_PAPER_NAME", kinds.text(), "The Daily", "The paper's name.")
PAPER_TAGLINE = Setting(
    "STOPPRESS_PAPER_TAGLINE",
    kinds.text(may_be_empty=True),
    "",
    "A line under the name, on the front page.",
)
ORIGIN = Setting(
    "STOPPRESS_ORIGIN",
    kinds.ORIGIN,
    "http://localhost:8000",
    "Where readers find the paper. With https, the desk's cookies are sent over https only.",
)
TIME_ZONE = Setting(
    "STOPPRESS_TIME_ZONE",
    kinds.TIME_ZONE,
    "UTC",
    "The paper's time zone. It decides the date in a story's address, so choose it before "
    "the first story: a later change leaves old addresses as they are.",
)
LANGUAGE = Setting(
    "STOPPRESS_LANGUAGE",
    kinds.LANGUAGE,
    "en",
    "The language of the paper and of the desk.",
)
DATABASE = Setting(
    "STOPPRESS_DATABASE",
    kinds.DATABASE,
    "data/newsroom.sqlite3",
    "A file for SQLite (one machine), or a postgresql:// address (one machine or many).",
)
MEDIA_DIR = Setting("STOPPRESS_MEDIA_DIR", kinds.FOLDER, "media", "Where pictures are kept.")
STORE_DIR = Setting(
    "STOPPRESS_STORE_DIR",
    kinds.FOLDER,
    "data/store",
    "Where printed editions are kept. They can always be printed again.",
)
STORE_MAX_BYTES = Setting(
    "STOPPRESS_STORE_MAX_BYTES",
    kinds.size(64 * 2**20, 16 * 2**40),
    "8 GiB",
    "How large the store may grow. Space is taken only as it is needed.",
    unit="bytes",
)
JOURNAL_DIR = Setting(
    "STOPPRESS_JOURNAL_DIR",
    kinds.FOLDER,
    "data/journal",
    "Where views are written before they are acknowledged. Put it on a disk that keeps its word.",
)
COUNTRY_DATABASE = Setting(
    "STOPPRESS_COUNTRY_DATABASE",
    kinds.FILE,
    "",
    "A file in the MaxMind DB format (.mmdb) that tells the country of an address, so that editors "
    "see from which countries views came; none is supplied. Only the country's two letters are "
    "kept; it is not looked up of readers with Do Not Track or Global Privacy Control. Read when "
    "the newsroom is started. Empty: countries are not known.",
)
VIEWS_PER_NETWORK = Setting(
    "STOPPRESS_VIEWS_PER_NETWORK",
    kinds.whole_number(1, 1_000_000),
    200,
    "How many views of one article one network (256 neighbouring addresses, or one household's "
    "IPv6) may add in ten minutes. What is above is counted apart as doubtful and shown at the "
    "desk. Raise it if many of your readers share a network, as at a university.",
    unit="views",
)
KEEP_HOURS_DAYS = Setting(
    "STOPPRESS_KEEP_HOURS_DAYS",
    kinds.whole_number(35, 36_500),
    400,
    "How long readership is kept by the hour. What is older is known by the day; no view is lost "
    "by it.",
    unit="days",
)
KEEP_SOURCES_DAYS = Setting(
    "STOPPRESS_KEEP_SOURCES_DAYS",
    kinds.whole_number(35, 36_500),
    400,
    "How long it is kept from which domains, and countries, an article's views came. What is older "
    "is deleted.",
    unit="days",
)
KEEP_BATCHES_DAYS = Setting(
    "STOPPRESS_KEEP_BATCHES_DAYS",
    kinds.whole_number(2, 30),
    30,
    "How long a machine's journal keeps counts that the database has: so far back `stoppress "
    "recount` can prove them, and so old a backup of the database may be that gets them again. "
    "The last 100,000 batches are kept at most.",
    unit="days",
)
RUN_DIR = Setting(
    "STOPPRESS_RUN_DIR", kinds.FOLDER, "run", "Where sockets and locks of running processes are."
)
HOST = Setting(
    "STOPPRESS_HOST",
    kinds.BIND_HOST,
    "127.0.0.1",
    "The address to listen on: 127.0.0.1 behind a front proxy, 0.0.0.0 for the whole network.",
)
TRUSTED_PROXIES = Setting(
    "STOPPRESS_TRUSTED_PROXIES",
    kinds.NETWORKS,
    [],
    "The front proxies whose word about a reader's address (X-Forwarded-For) and scheme "
    "(X-Forwarded-Proto) is taken. Behind a proxy that is not named here, all readers look like "
    "one and the desk believes it is not on https. Name only what you run: who is named can "
    "speak for anybody.",
)
PORT = Setting("STOPPRESS_PORT", kinds.whole_number(1, 65_535), 8000, "The port to listen on.")
TLS_CERTIFICATE = Setting(
    "STOPPRESS_TLS_CERTIFICATE",
    kinds.FILE,
    "",
    "The certificate for https, with its chain, as a PEM file; renewed files are taken up without "
    "a restart. Empty: plain http, as behind a front proxy that does TLS.",
)
TLS_KEY = Setting(
    "STOPPRESS_TLS_KEY", kinds.FILE, "", "The certificate's private key, as a PEM file."
)
WORKERS = Setting(
    "STOPPRESS_WORKERS",
    kinds.whole_number(1, 64),
    1,
    "How many edge processes answer readers. One serves tens of thousands of requests a second.",
    unit="processes",
)
RENDERS = Setting(
    "STOPPRESS_RENDERS",
    kinds.whole_number(1, 256),
    4,
    "How many readers' pages the app renders at the same time; as many requests of the desk run "
    "beside them.",
    unit="renders",
)
ALLOWED_HOSTS = Setting(
    "STOPPRESS_ALLOWED_HOSTS",
    kinds.HOSTS,
    [],
    "Further host names the desk answers to, beside the origin's.",
)
PURGE = Setting(
    "STOPPRESS_PURGE",
    kinds.CACHES,
    [],
    "Outer caches (Varnish) that are told to drop what changed, by BAN with the keys in "
    "Surrogate-Key and by PURGE of addresses. They may then keep pages for a day. Name a cache "
    "only if it obeys: docs/how-to/put-a-proxy-in-front.md has a tested configuration.",
)
PURGE_BACKENDS = Setting(
    "STOPPRESS_PURGE_BACKENDS",
    kinds.BACKENDS,
    {},
    "Outer caches that are told through Wagtail's front-end cache backends (Cloudflare, "
    "CloudFront, Azure, HTTP). These know addresses, not keys, so pages are kept for ten minutes "
    "at most.",
)
UPLOAD_MAX_BYTES = Setting(
    "STOPPRESS_UPLOAD_MAX_BYTES",
    kinds.size(2**20, 2**30),
    "20 MiB",
    "The largest file that may be uploaded at the desk.",
    unit="bytes",
)
PICTURE_MAX_PIXELS = Setting(
    "STOPPRESS_PICTURE_MAX_PIXELS",
    kinds.whole_number(1_000_000, 500_000_000),
    64_000_000,
    "The largest picture, width times height. A small file can unfold into gigabytes of memory.",
    unit="pixels",
)
MAIL = Setting(
    "STOPPRESS_MAIL",
    kinds.MAIL,
    "",
    "The mail server for forgotten passwords and notices to editors. Empty: no mail is sent.",
)
MAIL_FROM = Setting(
    "STOPPRESS_MAIL_FROM",
    kinds.text(may_be_empty=True),
    "",
    "Whom the paper's mail comes from. Empty: desk@ and the origin's host.",
)
LOG_LEVEL = Setting(
    "STOPPRESS_LOG_LEVEL",
    kinds.one_of("debug", "info", "warning", "error"),
    "info",
    "How much is logged.",
)
LOG_FORMAT = Setting(
    "STOPPRESS_LOG_FORMAT",
    kinds.one_of("text", "json"),
    "text",
    "Lines for people, or JSON for a log collector.",
)
DEMO_WIRE = Setting(
    "STOPPRESS_DEMO_WIRE",
    kinds.SWITCH,
    False,
    "Publish an invented story every 20 to 60 seconds. For demonstrations only.",
)

GROUPS: tuple[Group, ...] = (
    Group("The paper", (PAPER_NAME, PAPER_TAGLINE, ORIGIN, TIME_ZONE, LANGUAGE)),
    Group(
        "Where things are kept",
        (DATABASE, MEDIA_DIR, STORE_DIR, STORE_MAX_BYTES, JOURNAL_DIR, RUN_DIR),
    ),
    Group(
        "Serving",
        (HOST, PORT, TLS_CERTIFICATE, TLS_KEY, TRUSTED_PROXIES, WORKERS, RENDERS, ALLOWED_HOSTS),
    ),
    Group("Outer caches", (PURGE, PURGE_BACKENDS)),
    Group("Limits", (VIEWS_PER_NETWORK, UPLOAD_MAX_BYTES, PICTURE_MAX_PIXELS)),
    Group("Where readers are", (COUNTRY_DATABASE,)),
    Group("How long readership is kept", (KEEP_HOURS_DAYS, KEEP_SOURCES_DAYS, KEEP_BATCHES_DAYS)),
    Group("Mail", (MAIL, MAIL_FROM)),
    Group("Logs", (LOG_LEVEL, LOG_FORMAT)),
    Group("Demonstration", (DEMO_WIRE,)),
)
SETTINGS: tuple[Setting[object], ...] = tuple(s for group in GROUPS for s in group.settings)


@dataclass(frozen=True)
class Options:
    """A newsroom's settings with their values: `options[PORT]` is a number."""

    home: Path
    values: dict[str, object]
    origins: dict[str, str]  # where each value came from, in words

    def __getitem__(self, setting: Setting[T]) -> T:
        return self.values[setting.name]  # type: ignore[return-value]

    def origin_of(self, setting: Setting[T]) -> str:
        """Where the value came from: "the default", "the environment" or a line of the file."""
        return self.origins[setting.name]
