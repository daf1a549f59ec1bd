"""A small paper with a reporter, an editor and a chief at its desk."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from stoppress.newsroom.actions import (
    create_article,
    create_author,
    create_section,
    ensure_front,
    publish,
)
from stoppress.newsroom.models import Article
from stoppress.newsroom.roles import create_roles, give_role

PASSWORD = "a-long-enough-passphrase"


@pytest.fixture
def paper(db: None) -> SimpleNamespace:
    """A front, two sections with one inside the first, an author, and three people."""
    create_roles()
    front = ensure_front()
    world = create_section("World")
    europe = create_section("Europe", parent=world)
    culture = create_section("Culture")
    author = create_author("Ines Okafor", role="Europe correspondent")
    return SimpleNamespace(
        front=front,
        world=world,
        europe=europe,
        culture=culture,
        author=author,
        reporter=_person("rosa", "reporter", [world]),
        editor=_person("edda", "editor", [world]),
        chief=_person("carl", "chief", []),
    )


def _person(name: str, role: str, sections: list[Any]) -> Any:
    user = get_user_model().objects.create_user(
        username=name, email=f"{name}@example.org", password=PASSWORD, first_name=name.title()
    )
    give_role(user, role, sections=sections)
    return get_user_model().objects.get(pk=user.pk)


@pytest.fixture
def desk() -> Callable[[Any], Client]:
    """A browser in which a user is logged in."""

    def logged_in(user: Any) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return logged_in


@pytest.fixture
def draft(paper: SimpleNamespace) -> Callable[..., Article]:
    """Writes a draft in World, or wherever told."""

    def write(headline: str = "Ferry service resumes", **fields: Any) -> Article:
        fields.setdefault("section", paper.world)
        fields.setdefault("user", paper.reporter)
        fields.setdefault("body", [("text", "<p>The ferry runs again.</p>")])
        return create_article(headline=headline, byline=[paper.author], **fields)

    return write


@pytest.fixture
def story(draft: Callable[..., Article]) -> Callable[..., Article]:
    """Writes a story and publishes it."""

    def write_and_publish(headline: str = "Ferry service resumes", **fields: Any) -> Article:
        at = fields.pop("at", None)
        return publish(draft(headline, **fields), at=at)

    return write_and_publish


def edit_url(article: Article) -> str:
    """Where an article is edited."""
    return reverse("wagtailadmin_pages:edit", args=[article.pk])


def said(response: Any) -> str:
    """What the desk said to the user, as plain text."""
    from django.contrib.messages import get_messages
    from django.utils.html import strip_tags

    return " ".join(
        " ".join(strip_tags(str(message)).split()) for message in get_messages(response.wsgi_request)
    )
