"""The newsroom's invented paper serves here too."""

from tests.newsroom.conftest import paper, paper_settings, paper_templates

__all__ = ["paper", "paper_settings", "paper_templates"]
