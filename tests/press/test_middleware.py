"""The desk's unsafe requests are one change each: all of a request, or nothing."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from stoppress.press.changes import changing, current_change
from stoppress.press.models import Change
from tests.press.paper import Story

pytestmark = pytest.mark.usefixtures("desk")


def write(request):
    story = Story.objects.create(section="world", headline="x")
    current_change().touch(f"article:{story.pk}")
    return HttpResponse("written")


def write_then_fail(request):
    write(request)
    raise ZeroDivisionError


def write_then_refuse(request):
    write(request)
    raise PermissionDenied


def write_by_an_action(request):
    with changing("publish story") as change:
        Story.objects.create(section="world", headline="x")
        change.touch("list:world")
    return HttpResponse("published")


def look(request):
    return HttpResponse(str(current_change()))


urlpatterns = [
    path("desk/write/", write),
    path("desk/fail/", write_then_fail),
    path("desk/refuse/", write_then_refuse),
    path("desk/publish/", write_by_an_action),
    path("desk/look/", look),
    path("elsewhere/", look),
]


@pytest.fixture
def desk(paper, settings):
    settings.ROOT_URLCONF = "tests.press.test_middleware"
    settings.MIDDLEWARE = ["stoppress.press.middleware.DeskChanges"]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def rows() -> list[str]:
    return [row.what for row in Change.objects.exclude(what="migrations")]


def test_a_post_is_one_change(client):
    assert client.post("/desk/write/").status_code == 200
    assert rows() == ["POST /desk/write/"]


def test_an_action_inside_a_post_joins_it(client):
    client.post("/desk/publish/")
    assert rows() == ["POST /desk/publish/; publish story"]


@pytest.mark.parametrize(("address", "status"), [("fail", 500), ("refuse", 403)])
def test_a_post_that_fails_leaves_nothing(client, address, status):
    assert client.post(f"/desk/{address}/").status_code == status
    assert rows() == []
    assert not Story.objects.exists()
    assert current_change() is None


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_takes_no_transaction(client, method):
    assert getattr(client, method)("/desk/look/").content in (b"None", b"")


def test_other_places_take_no_transaction(client):
    assert client.post("/elsewhere/").content == b"None"
