"""Where an edition goes, and what it must say differently as a file.

A page at an address that ends with a slash becomes "index.html" in a folder of that name: every web
server and object store answers the address with it, so links stay as they are. What is no page (a
feed) would be called HTML there; it gets a name that tells its type, links name that file, and
"index.html" beside it leads there.
"""

import re
from collections.abc import Iterable
from functools import cache
from html import escape
from urllib.parse import quote, unquote

from django.conf import settings

from stoppress.press.export.errors import Unplaceable
from stoppress.press.export.sources import PAGE_FILE, file_in

LONGEST_NAME_BYTES = 255  # of ext4, XFS, APFS and NTFS (there: characters)
MARK = b"<html data-exported "  # scripts of the theme ask nothing of a site that can't answer

_LINK = re.compile(rb'(?<=\shref=")(?P<origin>https?://[^/"]*)?(?P<path>/[^"?#]*/)(?=["#])')


def file_of(path: str) -> str:
    """The file of an address, relative to the export's folder. Raises Unplaceable."""
    address = path.partition("?")[0]
    name = address.removeprefix("/") + (file_in(address) if address.endswith("/") else "")
    parts = name.split("/")
    if any(part in ("", ".", "..") or "\0" in part for part in parts):
        raise Unplaceable(path)
    if any(len(part.encode()) > LONGEST_NAME_BYTES for part in parts):
        raise Unplaceable(path)
    return name


def public_address(path: str) -> str:
    """The address under which the file of an address is found: itself, unless it is no page."""
    if not path.endswith("/") or (name := file_in(path)) == PAGE_FILE:
        return path
    return path + name


def page_as_file(body: bytes, content_security: bytes) -> bytes:
    """A page of HTML as a file: marked, with the policy no header will bring, links to files."""
    marked = body.replace(b"<html ", MARK, 1)
    policy = content_security.decode("latin-1")
    # What a page may be framed by is said in headers only; browsers complain of it here.
    told = "; ".join(d for d in policy.split("; ") if not d.startswith("frame-ancestors"))
    meta = f'<meta http-equiv="Content-Security-Policy" content="{escape(told)}">\n'
    return linked(marked.replace(b"<title>", meta.encode() + b"<title>", 1))


def linked(body: bytes) -> bytes:
    """The body with its links to addresses of ours that are no pages leading to their files."""
    ours = settings.ORIGIN.encode()

    def lead(found: re.Match[bytes]) -> bytes:
        if found["origin"] not in (None, ours):
            return found[0]
        path = unquote(found["path"].decode("utf-8", "replace"))
        to = public_address(path)
        return found[0] if to == path else found[0] + to[len(path) :].encode()

    return _LINK.sub(lead, body)


def files_named_in(body: bytes, prefixes: Iterable[str]) -> set[str]:
    """The addresses below some prefixes ("/media/") that a body names anywhere."""
    found = _files_below(settings.ORIGIN, tuple(prefixes)).findall(body)
    return {unquote(path.decode("utf-8", "replace")) for path in found}


@cache
def _files_below(origin: str, prefixes: tuple[str, ...]) -> re.Pattern[bytes]:
    """A path of ours: alone or after our origin, never after another's or inside a longer path."""
    begins = "|".join(re.escape(prefix) for prefix in prefixes)
    before = rf"(?:(?<={re.escape(origin)})|(?<![\w.-]))"
    return re.compile(rf"{before}((?:{begins})[^\"'\s<>()?#,\\&]+)".encode())


def stub(target: str, *, feed_type: str = "") -> bytes:
    """A page that leads to an address of ours, for servers that can't redirect."""
    url = escape(quote(target, safe="/%:"))
    whole = escape(settings.ORIGIN) + url
    relation = (
        f'<link rel="alternate" type="{escape(feed_type)}" href="{url}">'
        if feed_type
        else f'<link rel="canonical" href="{whole}">'
    )
    return (
        f'<!doctype html>\n<html lang="{escape(settings.LANGUAGE_CODE)}">\n<head>\n'
        f'<meta charset="utf-8">\n<title>{escape(target)}</title>\n{relation}\n'
        f'<meta http-equiv="refresh" content="0; url={url}">\n</head>\n'
        f'<body><p><a href="{url}">{escape(target)}</a></p></body>\n</html>\n'
    ).encode()


def nginx_table(moved: dict[str, str]) -> bytes:
    """The redirects as lines of an nginx `map` from $uri, which is decoded, to a Location."""
    lines = (f"{_quoted(old)} {_quoted(quote(new))};" for old, new in sorted(moved.items()))
    return "".join(f"{line}\n" for line in lines).encode()


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
