"""A small paper with a reporter, an editor and a chief at its desk."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from stoppress.newsroom.actions import create_article, publish
from stoppress.newsroom.models import Article, Author, Front
from stoppress.newsroom.roles import give_role
from tests.newsroom.paper import PaperTemplates, _checkpoint, section

PASSWORD = "a-long-enough-passphrase"


class DeskTemplates(PaperTemplates):
    """The invented paper with people at its desk."""

    name = "desk"

    def _fill(self) -> None:
        super()._fill()
        _person("rosa", "reporter", [section("world")])
        _person("edda", "editor", [section("world")])
        _person("carl", "chief", None)
        if connection.vendor == "sqlite":
            _checkpoint()


def _person(name: str, role: Any, sections: list[Any] | None) -> None:
    user = get_user_model().objects.create_user(
        username=name, email=f"{name}@paper.example", password=PASSWORD, first_name=name.title()
    )
    give_role(user, role, sections)


@pytest.fixture(scope="session")
def paper_templates(tmp_path_factory) -> PaperTemplates:
    return DeskTemplates(tmp_path_factory.mktemp("desks"), ())


@pytest.fixture
def paper(paper: str) -> SimpleNamespace:
    """Its sections, an author, and a reporter, an editor (both of World) and a chief."""
    user = get_user_model().objects.get
    return SimpleNamespace(
        front=Front.objects.get(),
        world=section("world"),
        islands=section("world/islands"),
        harbour=section("harbour"),
        author=Author.objects.get(name="Mira Lund"),
        reporter=user(username="rosa"),
        editor=user(username="edda"),
        chief=user(username="carl"),
    )


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
    told = (strip_tags(str(message)) for message in get_messages(response.wsgi_request))
    return " ".join(" ".join(told).split())
