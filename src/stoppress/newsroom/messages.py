"""What the newsroom itself says to readers, in the paper's language (words/messages.toml)."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from stoppress.newsroom.languages import paper_language

REFERENCE = "en"


def message(name: str, **values: Any) -> str:
    """A sentence in the paper's language, or in English where it has none yet."""
    tables = _tables()
    own = tables.get(paper_language().lower().split("-")[0], {})
    return own.get(name, tables[REFERENCE][name]).format(**values)


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(
        files("stoppress.newsroom").joinpath("words/messages.toml").read_text("utf-8")
    )
