"""Write src/stoppress/edge/robots.tsv: the public lists of robots, ready to look up.

Run it after updating the lists: `make robots`. It reads crawler-user-agents and counter-robots
from where they are installed, and leaves out what COMMON names and what our own rules find
anyway. What is plain text is kept apart from true expressions: a thousand texts are looked up at
once, a thousand expressions one by one.
"""

from __future__ import annotations

import json
import re
import re._constants as sre
import re._parser as parser
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import distribution, version
from importlib.resources import files
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from stoppress.edge.robotlists import NGRAM  # noqa: E402
from stoppress.edge.robotrules import says_so  # noqa: E402

TARGET = ROOT / "src" / "stoppress" / "edge" / "robots.tsv"

# Patterns that readers' browsers match as well, and why. What is lost by it, our rules find.
COMMON = {
    "Sogou": "SogouMobileBrowser; its spider says spider",
    r"AP3A\.240617\.008": "a build of Android 15 on a million phones",
    "Sonic": "phones of that name",
    "Fluid": "a browser for single sites",
    "Butterfly": "HTC phones",
    "MetaIAB Facebook": "Facebook's own in-app browser, in which people read",
    "core": "phones, and Qualcore",
    "motor": "motorola",
    "bot": "Cubot phones; ours asks for the end of a word",
    "baidu": "Baidu's browser and app; its spider says spider",
    "yahoo": "Yahoo's apps; its robot says Slurp",
    "yandex": "Yandex's browser and app; its robots say bot",
    "google": "Google TV and the Google app; ours asks for Google-Something",
    "docomo": "phones of a network",
    "libwww": "Mosaic; as the first word it is a library by our rules",
    r"PHP\/": "FirePHP, an extension; as the first word it is a library by our rules",
    "[^a]fish": "Sailfish",
    "rss": "ANDERSSON television sets; ours asks for the word",
    "cursor": "ours asks for Cursor/ in an editor's own browser",
    "AdsBot-Google([^-]|$)": "ours finds AdsBot",
    "Trello": "an app in which stories are read",
    "Trove": "a word of a language",
    "titan": "phones of that name",
    "zeus": "phones of that name",
    "custo": "custom ROMs",
    "alexa": "loudspeakers with a screen",
}
LISTS = ("crawler-user-agents", "counter-robots")
_MAX_TEXTS = 16  # that one expression may stand for


def public_patterns() -> list[str]:
    """Every pattern of both lists, once, in a stable order, without those that readers match."""
    crawlers = json.loads(
        (files("crawleruseragents") / "crawler-user-agents.json").read_text("utf-8")
    )
    found = [entry["pattern"] for entry in crawlers]
    for name in ("robot.txt", "machine.txt"):
        found += (files("counter_robots") / "data" / name).read_text("utf-8").splitlines()
    return sorted({pattern for pattern in found if pattern and pattern not in COMMON})


def texts_of(parsed: Iterable[tuple[object, Any]]) -> list[str] | None:
    """All texts that a parsed expression matches; None if they are many or without end."""
    texts = [""]
    for operation, argument in parsed:
        if operation is sre.LITERAL:
            choices: list[str] | None = [chr(argument)]
        elif operation is sre.IN:
            choices = _letters(argument)
        elif operation is sre.SUBPATTERN:
            choices = texts_of(argument[3])
        elif operation is sre.BRANCH:
            branches = [texts_of(branch) for branch in argument[1]]
            choices = None if None in branches else [t for texts in branches for t in texts or ()]
        else:
            return None
        if choices is None or len(texts) * len(choices) > _MAX_TEXTS:
            return None
        texts = [text + choice for text in texts for choice in choices]
    return texts


def _letters(members: Iterable[tuple[object, Any]]) -> list[str] | None:
    """A white space is a blank: no header has another."""
    found = []
    for operation, argument in members:
        if operation is sre.LITERAL:
            found.append(chr(argument))
        elif argument is sre.CATEGORY_SPACE:
            found.append(" ")
        else:
            return None
    return found


def rows(patterns: Iterable[str]) -> Iterator[str]:
    """Kind and value, by tab; texts that another text or our rules contain are left out.

    The kinds: `text` stands anywhere, `short` as well but has fewer than NGRAM letters, `start`
    is an expression for the agent's beginning, `head` one that begins with NGRAM plain letters,
    `anywhere` any other.
    """
    texts: set[str] = set()
    others: list[tuple[str, str]] = []
    for pattern in patterns:
        found = texts_of(parser.parse(pattern))
        if found is not None:
            texts.update(found)
        else:
            others.append((_kind(pattern), _bounded(pattern)))
    for text in sorted(texts):
        if not _is_known(text, texts):
            yield f"{'text' if len(text) >= NGRAM else 'short'}\t{text}"
    yield from (f"{kind}\t{value}" for kind, value in sorted(others))


def _kind(pattern: str) -> str:
    if pattern.startswith("^") and "|^" not in pattern:
        return "start"
    begins_plainly = re.match(rf"[\w/ -]{{{NGRAM}}}(?![?*+{{])", pattern) and "|" not in pattern
    return "head" if begins_plainly else "anywhere"


def _is_known(text: str, texts: set[str]) -> bool:
    inside = f"Mozilla/5.0 (x) AppleWebKit/1 x{text}x"  # whatever stands around it
    return says_so(inside) or any(other != text and other in text for other in texts)


def _bounded(pattern: str) -> str:
    """Two lists say "anything at all" between words: no more than 80 characters, not quadratic."""
    return re.sub(r"\[\\s\\S\]\*|\.\*", "[^\\\\n]{0,80}", pattern)


def table() -> str:
    """The file's whole text, with the licences under which the lists may be passed on."""
    head = [
        "# Robots by public lists. Written by scripts/write_robots.py (make robots); do not edit."
    ]
    for name in LISTS:
        head += [
            "#",
            f"# {name} {version(name)}:",
            *(f"# {line}".rstrip() for line in _licence(name)),
        ]
    return "\n".join([*head, *rows(public_patterns())]) + "\n"


def _licence(name: str) -> list[str]:
    [licence] = [file for file in distribution(name).files or () if file.name == "LICENSE"]
    text = licence.read_text("utf-8")
    if "Permission is hereby granted, free of charge" not in text:
        raise SystemExit(f"{name} is no longer under the MIT License. Read it before going on.")
    return text.strip().splitlines()


if __name__ == "__main__":
    TARGET.write_text(table(), "utf-8")
