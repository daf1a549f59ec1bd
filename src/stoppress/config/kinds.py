"""The kinds of value a setting can have: how each is read, and what is said of one that isn't.

A kind reads what TOML gives (text, number, yes or no, list) and what the environment gives (text
only), so both places take the same values. A value that doesn't fit raises Unfit with the reason.
"""

import ipaddress
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Generic, TypeVar
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

T_co = TypeVar("T_co", covariant=True)

BYTE_UNITS = {"": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
BYTE_UNITS |= {"KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f]")
HOST_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_-]+)*\.?", re.I)


class Unfit(ValueError):
    """Why a value is not of its kind; completes "STOPPRESS_X is 3, which …"."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[T_co]):
    """What a setting's value may be. `wanted` completes "Give …"."""

    name: str
    wanted: str
    read: Callable[[object, Path], T_co]
    is_secret: bool = False


def _as_text(raw: object) -> str:
    if not isinstance(raw, str):
        raise Unfit("is not text")
    return raw.strip()


def text(*, max_characters: int = 200, may_be_empty: bool = False) -> Kind[str]:
    """One line of text."""

    def read(raw: object, _home: Path) -> str:
        value = _as_text(raw)
        if not value and not may_be_empty:
            raise Unfit("is empty")
        if CONTROL_CHARACTERS.search(value):
            raise Unfit("has a line break or control character")
        if len(value) > max_characters:
            raise Unfit(f"has {len(value):,} characters")
        return value

    return Kind("text", f"one line of at most {max_characters} characters", read)


def whole_number(minimum: int, maximum: int) -> Kind[int]:
    """A number without a fraction, within bounds."""

    def read(raw: object, _home: Path) -> int:
        try:
            value = int(raw) if isinstance(raw, str) else raw
        except ValueError:
            value = None
        if not isinstance(value, int) or isinstance(value, bool):
            raise Unfit("is not a whole number")
        if not minimum <= value <= maximum:
            raise Unfit("is out of range")
        return value

    return Kind("number", f"a whole number from {minimum:,} to {maximum:,}", read)


def size(minimum: int, maximum: int) -> Kind[int]:
    """A number of bytes, with or without a unit: 20 MB, 8 GiB."""

    def read(raw: object, _home: Path) -> int:
        words = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]i?B|)", str(raw).strip(), re.I)
        if isinstance(raw, bool) or not words:
            raise Unfit("is not a size")
        value = round(float(words[1]) * BYTE_UNITS[words[2].upper()])
        if not minimum <= value <= maximum:
            raise Unfit("is out of range")
        return value

    return Kind("size", f"a size from {show_size(minimum)} to {show_size(maximum)}", read)


def show_size(count: int) -> str:
    """A number of bytes in the largest unit that leaves it whole."""
    for unit in ("TiB", "GiB", "MiB", "KiB", "TB", "GB", "MB", "KB"):
        if count and count % BYTE_UNITS[unit.upper()] == 0:
            return f"{count // BYTE_UNITS[unit.upper()]} {unit}"
    return f"{count:,} bytes"


def _read_switch(raw: object, _home: Path) -> bool:
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().lower()
    if word in {"yes", "true", "on", "1"}:
        return True
    if word in {"no", "false", "off", "0"}:
        return False
    raise Unfit("is neither yes nor no")


def _read_folder(raw: object, home: Path) -> Path:
    value = _as_text(raw)
    if not value:
        raise Unfit("is empty")
    if "\x00" in value:
        raise Unfit("has a null character")
    return (home / Path(value).expanduser()).resolve()


def _read_file(raw: object, home: Path) -> Path | None:
    return _read_folder(raw, home) if _as_text(raw) else None


def _read_time_zone(raw: object, _home: Path) -> str:
    value = _as_text(raw)
    try:
        ZoneInfo(value)
    except (OSError, ValueError, KeyError) as error:  # ZoneInfoNotFoundError is a KeyError
        raise Unfit("is no time zone") from error
    return value


def _read_language(raw: object, _home: Path) -> str:
    value = _as_text(raw).lower()
    if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", value):
        raise Unfit("is no language code")
    if not {value, value.split("-")[0]} & _desk_languages():
        raise Unfit("is a language the desk is not translated into")
    return value


@cache
def _desk_languages() -> frozenset[str]:
    # Those of Django, from its folders: the edge reads settings too, and must not import it.
    django = find_spec("django")
    if django is None or django.origin is None:
        return frozenset()
    folders = (Path(django.origin).parent / "conf" / "locale").iterdir()
    return frozenset(folder.name.lower().replace("_", "-") for folder in folders)


def _split(value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError as error:
        raise Unfit("is no address") from error
    return parts


def _read_origin(raw: object, _home: Path) -> str:
    value = _as_text(raw).rstrip("/")
    parts = _split(value)
    if parts.scheme not in {"http", "https"}:
        raise Unfit("doesn't begin with https:// or http://")
    if not parts.hostname or not HOST_NAME.fullmatch(parts.hostname.strip("[]").replace(":", "")):
        raise Unfit("names no host")
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise Unfit("has more than a scheme, a host and a port")
    return value.lower()


def _as_list(raw: object, what: str) -> list[str]:
    listed = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
        raise Unfit(f"is no list of {what}")
    return [item.strip().lower() for item in listed if item.strip()]


def _read_networks(raw: object, _home: Path) -> tuple[str, ...]:
    networks = _as_list(raw, "addresses")
    for network in networks:
        try:
            size = ipaddress.ip_network(network).prefixlen
        except ValueError as error:
            raise Unfit(f"has “{network}”, which is no address or network ({error})") from error
        if size == 0:
            raise Unfit(f"has “{network}”, which is everybody")
    return tuple(networks)


def _read_hosts(raw: object, _home: Path) -> tuple[str, ...]:
    hosts = tuple(_as_list(raw, "host names"))
    for host in hosts:
        if not HOST_NAME.fullmatch(host):
            raise Unfit(f"has “{host}”, which is no host name")
    return hosts


def _read_caches(raw: object, _home: Path) -> tuple[str, ...]:
    listed = [item.rstrip("/") for item in _as_list(raw, "addresses")]
    for address in listed:
        parts = _split(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Unfit(f"has “{address}”, which doesn't begin with http:// and a host")
        if parts.path or parts.query or parts.fragment or "@" in parts.netloc:
            raise Unfit(f"has “{address}”, which is more than a scheme, a host and a port")
    return tuple(dict.fromkeys(listed))


def _read_backends(raw: object, _home: Path) -> dict[str, dict[str, object]]:
    try:
        table = json.loads(raw or "{}") if isinstance(raw, str) else raw
    except ValueError as error:
        raise Unfit("is no JSON") from error
    if not isinstance(table, dict):
        raise Unfit("is no table")
    for name, parameters in table.items():
        if not isinstance(parameters, dict) or not isinstance(parameters.get("BACKEND"), str):
            raise Unfit(f"has “{name}”, which names no BACKEND")
    return table


def _read_bind_host(raw: object, _home: Path) -> str:
    value = _as_text(raw).strip("[]")
    if not re.fullmatch(r"[0-9a-fA-F:.]+|[A-Za-z0-9._-]+", value):
        raise Unfit("is no host")
    return value


def _read_database(raw: object, home: Path) -> str:
    value = _as_text(raw)
    if "://" not in value:
        return str(_read_folder(value, home))
    parts = _split(value)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise Unfit(f"begins with {parts.scheme}://, a database we don't use")
    if len(parts.path) < 2 or "/" in parts.path[1:]:
        raise Unfit("names no database after the host")
    return value


def _read_mail(raw: object, _home: Path) -> str:
    value = _as_text(raw)
    if not value:
        return ""
    parts = _split(value)
    if parts.scheme not in {"smtp", "smtps", "smtp+tls"} or not parts.hostname:
        raise Unfit("is no mail server")
    return value


def one_of(*words: str) -> Kind[str]:
    """One of a few words."""

    def read(raw: object, _home: Path) -> str:
        value = _as_text(raw).lower()
        if value not in words:
            raise Unfit("is none of the words it may be")
        return value

    return Kind("word", " or ".join([", ".join(words[:-1]), words[-1]]), read)


SWITCH = Kind("yes or no", "yes or no", _read_switch)
FOLDER = Kind("folder", "a folder, absolute or from the newsroom's folder", _read_folder)
FILE = Kind("file", "a file, absolute or from the newsroom's folder, or nothing", _read_file)
TIME_ZONE = Kind("time zone", "an IANA name such as Europe/Berlin", _read_time_zone)
LANGUAGE = Kind("language", "a language code such as en, de or pt-br", _read_language)
ORIGIN = Kind("origin", "an address such as https://news.example, without a path", _read_origin)
HOSTS = Kind("hosts", "host names, as a list or separated by commas", _read_hosts)
NETWORKS = Kind(
    "networks",
    "addresses or networks such as 127.0.0.1 or 10.0.0.0/8, as a list or separated by commas",
    _read_networks,
)
CACHES = Kind(
    "caches",
    "addresses such as http://127.0.0.1:6081, as a list or separated by commas",
    _read_caches,
)
BACKENDS = Kind(
    "backends",
    "a table of tables, each with a BACKEND and what Wagtail's documentation says it needs, as in "
    "[purge_backends.cdn] (JSON in the environment)",
    _read_backends,
    is_secret=True,
)
BIND_HOST = Kind("host", "an address such as 127.0.0.1 or 0.0.0.0", _read_bind_host)
DATABASE = Kind(
    "database",
    "a file for SQLite or postgresql://user:password@host:5432/name",
    _read_database,
    is_secret=True,
)
MAIL = Kind(
    "mail server",
    "smtp://user:password@host:25, smtp+tls://… (port 587) or smtps://… (port 465)",
    _read_mail,
    is_secret=True,
)
