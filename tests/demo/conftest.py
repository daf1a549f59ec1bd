"""The demo on the invented paper's databases."""

from tests.newsroom.conftest import paper, paper_settings, paper_templates

__all__ = ["paper", "paper_settings", "paper_templates"]
