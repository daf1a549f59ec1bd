"""Pages from shapes: a Jinja2 environment that escapes everything and forgives no missing name."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from stoppress.theme import filters
from stoppress.theme.assets import asset
from stoppress.theme.errors import MissingPaper
from stoppress.theme.shapes import Paper
from stoppress.theme.words import words_for

TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, **context: Any) -> str:
    """Lay out a template of the theme: "pages/article.html", "components/rail.html".

    The context holds the shapes that the template's first line names, and always a paper.
    Raises MissingPaper, and jinja2's UndefinedError if a name is missing.
    """
    paper = context.get("paper")
    if not isinstance(paper, Paper):
        raise MissingPaper(template)
    return environment().get_template(template).render(words=words_for(paper.language), **context)


@cache
def environment() -> Environment:
    """Make the environment, once per process."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    made.globals["asset"] = asset
    made.filters |= filters.FILTERS
    return made
