"""Pages from shapes: a Jinja2 environment that escapes everything and forgives no missing name.

Each paper has an environment, in which the paper and its words are global. So what depends on them
alone is made once: macros are imported without the page's context, which costs a third of a page's
time otherwise, and `fixed` parts (footer, viewer) are laid out once.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from markupsafe import Markup

from stoppress.theme import filters
from stoppress.theme.assets import asset
from stoppress.theme.errors import MissingPaper
from stoppress.theme.shapes import Paper
from stoppress.theme.words import words_for

TEMPLATES = Path(__file__).parent / "templates"
INCLUDE = re.compile(r'^[ \t]*\{% include "([^"]+)" %\}\n', re.M)
PAPERS_HELD = 4  # a process prints one, and another after its settings or sections changed


def render(template: str, **context: Any) -> str:
    """Lay out a template of the theme: "pages/article.html", "components/rail.html".

    The context holds the shapes that the template's first line names, and always a paper.
    Raises MissingPaper, and jinja2's UndefinedError if a name is missing.
    """
    paper = context.pop("paper", None)
    if not isinstance(paper, Paper):
        raise MissingPaper(template)
    return environment_of(paper).get_template(template).render(context)


@lru_cache(maxsize=PAPERS_HELD)
def environment_of(paper: Paper) -> Environment:
    """Make the environment of a paper, once per process."""
    made = environment().overlay(cache_size=-1)
    made.globals = {**made.globals, "paper": paper, "words": words_for(paper.language)}
    made.globals["fixed"] = cache(lambda name: Markup(made.get_template(name).render()))  # noqa: S704
    return made


class InliningLoader(FileSystemLoader):
    """Loads templates with those they include by name put in place: a call for each costs more.

    An included template then shares its names with those around it, so what one sets, the next
    one sees; each sets what it needs itself.
    """

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """The template's text, whole."""
        source, path, is_fresh = super().get_source(environment, template)
        whole = INCLUDE.sub(lambda found: self.get_source(environment, found[1])[0], source)
        return whole, path, is_fresh


class PaperTemplate(Template):
    """A template whose macros are the same wherever they are imported.

    All templates of a paper have the same globals, so Jinja2 need not compare them at each import.
    """

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


@cache
def environment() -> Environment:
    """Make what the environments of all papers share."""
    made = Environment(
        loader=InliningLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    made.template_class = PaperTemplate
    made.globals["asset"] = asset
    made.filters |= filters.FILTERS
    return made
