"""The theme's files: one stylesheet, one script, fonts and icons, each named by its content.

Styles and scripts are written one block per file and joined here, when the theme is first used;
there is no build step. A name holds a hash of the bytes ("paper.1f0c….css"), so browsers may keep
a file for ever and a page always gets the styles that it was printed for. `finders` hands the
same files to collectstatic.
"""

import hashlib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from stoppress.theme.errors import UnknownAsset

FOLDER = Path(__file__).parent
PREFIX = "stoppress/"
STATIC_URL = "/static/"

# The order matters: tokens and fonts first, page-wide rules, then blocks, then print.
_FIRST = ("tokens", "fonts", "ground")
_LAST = ("print",)


def asset(name: str) -> str:
    """Return the address of one of the theme's files: "paper.css", "icon.svg"."""
    return STATIC_URL + PREFIX + hashed_names()[_known(name)]


def contents(name: str) -> bytes:
    """Return the bytes of one of the theme's files by its plain name."""
    return files()[_known(name)]


def hashed_files() -> dict[str, bytes]:
    """Map each file's hashed name to its bytes, as they are to be served."""
    return {hashed_names()[name]: body for name, body in files().items()}


def files_by_address() -> dict[str, bytes]:
    """Map each file's address, without its first slash, to its bytes."""
    return {f"{STATIC_URL}{PREFIX}{name}"[1:]: body for name, body in hashed_files().items()}


def _known(name: str) -> str:
    if name not in files():
        raise UnknownAsset(name, list(files()))
    return name


@cache
def files() -> dict[str, bytes]:
    """Map each file's plain name to its bytes."""
    found = {path.name: path.read_bytes() for path in sorted((FOLDER / "fonts").glob("*.woff2"))}
    found |= {path.name: path.read_bytes() for path in sorted((FOLDER / "icons").glob("*.*"))}
    return found | {"paper.css": _stylesheet(found).encode(), "paper.js": _script().encode()}


@cache
def hashed_names() -> dict[str, str]:
    """Map each file's plain name to its name with a hash of its bytes."""
    return {name: _hashed(name, body) for name, body in files().items()}


def _hashed(name: str, body: bytes) -> str:
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{ending}"


def _stylesheet(others: dict[str, bytes]) -> str:
    parts = {path.stem: path for path in (FOLDER / "styles").glob("*.css")}
    middle = sorted(set(parts) - {*_FIRST, *_LAST})
    joined = "\n".join(parts[stem].read_text("utf-8") for stem in (*_FIRST, *middle, *_LAST))
    return re.sub(r"url\(([\w.-]+)\)", _file_address(others), _compact(_without_comments(joined)))


def _file_address(others: dict[str, bytes]) -> Callable[[re.Match[str]], str]:
    def address(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in others:
            raise UnknownAsset(name, list(others))
        return f"url({_hashed(name, others[name])})"

    return address


def _script() -> str:
    """Join the scripts, each in a block of its own, so that names stay inside their file."""
    paths = sorted((FOLDER / "scripts").glob("*.js"))
    return "\n".join(f"{{\n{_without_comments(path.read_text('utf-8'))}}}" for path in paths)


def _without_comments(source: str) -> str:
    """Drop block comments and indentation. Our sources hold neither inside strings."""
    bare = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    return "\n".join(line.strip() for line in bare.splitlines() if line.strip())


def _compact(styles: str) -> str:
    """Drop spaces and zeros that no browser needs, save in strings and in empty properties."""
    needless = re.compile(r'("[^"]*"|: ;)|\s*([{};,>])\s*|(?<=:) |(?<![\w.])0(?=\.)')
    return needless.sub(lambda found: found[1] or found[2] or "", styles).replace(";}", "}")
