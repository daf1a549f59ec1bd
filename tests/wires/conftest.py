"""The newsroom's invented paper, for pages to be imported into."""

from tests.newsroom.conftest import paper, paper_settings, paper_templates

__all__ = ["paper", "paper_settings", "paper_templates"]
