"""Fills the article form as a browser posts it."""

from typing import Any

from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield


def article_form(headline: str = "Ferry service resumes", **said: Any) -> dict[str, Any]:
    """A filled form. Anything in `said` replaces a field; `text` is the story's one paragraph."""
    text = said.pop("text", "<p>The ferry runs again.</p>")
    bylines = said.pop("bylines", [])
    updates = said.pop("updates", [])
    fields = {
        "title": headline,
        "standfirst": "",
        "kind": "report",
        "kicker": "",
        "short_headline": "",
        "dateline": "",
        "lead_picture": "",
        "body": streamfield([("text", rich_text(text))]),
        "language": "en",
        "direction": "",
        "sources": "",
        "address_slug": "",
        "seo_title": "",
        "search_description": "",
        "published_at": "",
        "published_precision": "second",
        "embargoed_until": "",
        "go_live_at": "",
        "expire_at": "",
        "byline": inline_formset(bylines),
        "gallery": inline_formset([]),
        "updates": inline_formset(updates),
        "comments": inline_formset([]),
    }
    return nested_form_data({**fields, **said})


def add_url(section: Any) -> str:
    """Where a new story of a section is written."""
    return reverse("wagtailadmin_pages:add", args=["newsroom", "article", section.pk])
