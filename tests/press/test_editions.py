"""Editions: public views become finished pages that are the same for everyone."""

import threading
from queue import Queue

import pytest
from django.db import connection, transaction
from django.test import Client

from stoppress.edge.errors import StoreUnavailable
from stoppress.press import editions
from stoppress.press.editions import print_page
from stoppress.press.errors import (
    NotPublic,
    PageNotFound,
    PrivateAnswer,
    RenderInTransaction,
    UnrecordedRead,
    WriteInRender,
)
from tests.press import paper as tiny
from tests.press.conftest import settle


@pytest.fixture
def client(paper) -> Client:
    return Client()


def test_a_page_knows_what_it_depends_on(store):
    story = tiny.publish("world", "Bridge opens")
    edition = print_page(f"/world/{story.pk}/")
    assert edition.body == b"<h1>Bridge opens</h1><!--part:latest-->"
    assert edition.tags == {f"article:{story.pk}", "epoch:all"}
    assert edition.status == 200
    assert (b"content-type", b"text/html; charset=utf-8") in edition.headers


def test_an_answer_is_stored_on_its_way_out(client, store):
    story = tiny.publish("world", "Bridge opens")
    answer = client.get(f"/world/{story.pk}/")
    assert answer["X-Press-Edition"] == "stored"
    assert store.find(f"/world/{story.pk}/").body == answer.content


def test_a_visitors_request_leaves_no_trace_in_the_page(client, store):
    tiny.publish("world", "x")
    plain = client.get("/world/")
    dressed = client.get(
        "/world/",
        headers={"cookie": "sessionid=1", "host": "evil.example", "accept-language": "ar"},
    )
    assert plain.content == dressed.content
    assert not dressed.cookies


def test_query_parameters_nobody_declared_make_no_edition_of_their_own(client, store):
    for n in range(4):
        tiny.publish("world", f"story {n}")
    second = client.get("/world/?utm_source=x&page=2&fbclid=1")
    assert b"story 0" in second.content
    assert store.find("/world/?page=2").body == second.content
    assert store.find("/world/") is None


def test_redirects_and_withdrawn_pages_are_stored(client, store):
    story = tiny.publish("world", "x")
    moved = client.get(f"/sport/{story.pk}/")
    assert (moved.status_code, moved["X-Press-Edition"]) == (301, "stored")
    assert (b"location", f"/world/{story.pk}/".encode()) in store.find(
        f"/sport/{story.pk}/"
    ).headers
    tiny.kill(story)
    assert client.get(f"/world/{story.pk}/").status_code == 410
    assert store.find(f"/world/{story.pk}/").status == 410


def test_a_page_that_is_not_there_is_answered_but_never_stored(client, store):
    answer = client.get("/world/99/")
    assert (answer.status_code, answer["X-Press-Edition"]) == (404, "unstored")
    assert store.find("/world/99/") is None


def test_a_page_that_is_no_more_leaves_the_store_when_somebody_asks(client, store):
    for n in range(4):
        tiny.publish("world", f"story {n}")
    assert client.get("/world/?page=2").status_code == 200
    tiny.delete(tiny.Story.objects.order_by("pk").first())
    assert client.get("/world/?page=2").status_code == 404
    assert store.find("/world/?page=2") is None


def test_the_newsroom_may_name_its_own_page_for_what_is_not_there(client):
    editions.set_not_found_page(lambda request: editions.HttpResponse(f"no {request.path}"))
    answer = client.get("/world/99/")
    assert (answer.status_code, answer.content) == (404, b"no /world/99/")
    assert client.get("/no/such/address/").content == b"no /no/such/address/"


def test_addresses_that_never_were_are_answered_with_one_printed_page(client, store):
    def never(request):
        raise AssertionError("rendered, though it is printed")

    editions.set_not_found_page(never, "/")
    tiny.publish("world", "x")
    for path in ("/world/99/", "/no/such/address/", "/world/98/"):
        answer = client.get(path)
        assert (answer.status_code, answer["X-Press-Edition"]) == (404, "unstored")
        assert answer.content == store.find("/").body
        assert answer["Content-Type"] == "text/html; charset=utf-8"
        assert store.find(path) is None


def test_what_is_not_there_is_told_without_its_printed_page_too(client):
    editions.set_not_found_page(lambda request: editions.HttpResponse("no"), "/no/such/page/")
    answer = client.get("/world/99/")
    assert (answer.status_code, answer.content) == (404, b"no")


def test_only_get_and_head_are_answered(client):
    assert client.post("/world/").status_code == 405
    assert client.head("/world/").status_code == 200


def test_a_view_not_declared_public_has_no_edition(paper):
    with pytest.raises(NotPublic):
        print_page("/desk/")
    with pytest.raises(PageNotFound):
        print_page("/no/such/address/")


def test_a_page_that_reads_past_the_recorders_fails_in_tests(paper):
    with pytest.raises(UnrecordedRead, match="press_tests_story"):
        print_page("/forgetful/")


def test_a_page_that_reads_past_the_recorders_is_served_but_not_stored(client, store, settings):
    settings.PRESS_GUARD = "tag"
    answer = client.get("/forgetful/")
    assert (answer.content, answer["X-Press-Edition"]) == (b"0", "unstored")
    assert store.find("/forgetful/") is None


def test_an_answer_with_a_cookie_is_refused(paper):
    with pytest.raises(PrivateAnswer, match="cookie"):
        print_page("/greedy/")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Cache-Control", "PRIVATE"),
        ("Cache-Control", "max-age=9, no-store"),
        ("Vary", "Accept-Encoding, Cookie"),
        ("Vary", "Authorization"),
        ("Vary", "*"),
    ],
)
def test_an_answer_for_one_reader_is_refused(paper, store, client, monkeypatch, name, value):
    monkeypatch.setattr(tiny, "greedy_headers", {name: value})
    with pytest.raises(PrivateAnswer):
        print_page("/reserved/")
    with pytest.raises(PrivateAnswer):
        client.get("/reserved/")
    assert store.find("/reserved/") is None


def test_a_public_view_never_meets_a_session(paper, store, client):
    client.cookies["stoppress_session"] = "x"
    with pytest.raises(AttributeError, match="session"):
        client.get("/curious/")
    assert store.find("/curious/") is None


def test_a_page_that_writes_is_refused(paper):
    with pytest.raises(WriteInRender):
        print_page("/scribbling/")
    assert not tiny.Aside.objects.exists()


def test_nothing_is_printed_inside_a_transaction(paper):
    with pytest.raises(RenderInTransaction), transaction.atomic():
        print_page("/world/")


def test_a_render_sees_one_moment_of_the_database(paper, monkeypatch):
    """What is committed while a page renders is not on it, and its change number says so."""
    tiny.publish("world", "early")
    before = print_page("/").change
    read, errors = tiny.newest, Queue()

    def read_after_a_commit(section):
        monkeypatch.setattr(tiny, "newest", read)
        thread = threading.Thread(target=publish_late, args=(errors,))
        thread.start()
        thread.join(10)
        return read(section)

    monkeypatch.setattr(tiny, "newest", read_after_a_commit)
    edition = print_page("/")
    assert errors.empty()
    assert edition.body == b"front\nearly"
    assert edition.change == before
    assert print_page("/").body == b"front\nlate\nearly"


def publish_late(errors: Queue) -> None:
    try:
        tiny.publish("world", "late")
    except BaseException as error:
        errors.put(error)
    finally:
        connection.close()


def test_a_render_that_lost_against_a_change_is_made_again(client, store, printer, monkeypatch):
    story = tiny.publish("world", "old")
    settle(printer)
    find, errors = tiny.find_story, Queue()

    def find_then_lose(pk):
        monkeypatch.setattr(tiny, "find_story", find)
        found = find(pk)
        thread = threading.Thread(target=update_and_apply, args=(story, printer, errors))
        thread.start()
        thread.join(10)
        return found

    monkeypatch.setattr(tiny, "find_story", find_then_lose)
    answer = client.get(f"/world/{story.pk}/")
    assert errors.empty()
    assert answer.content.startswith(b"<h1>new</h1>")
    assert store.find(f"/world/{story.pk}/").body == answer.content


def update_and_apply(story, printer, errors: Queue) -> None:
    try:
        tiny.update(story, "new")
        settle(printer)
    except BaseException as error:
        errors.put(error)
    finally:
        connection.close()


def test_a_page_taken_down_during_every_try_is_not_sent(client, store, printer, monkeypatch):
    story = tiny.publish("world", "secret")
    settle(printer)
    find, errors = tiny.find_story, Queue()

    def find_then_kill(pk):
        found = find(pk)
        thread = threading.Thread(target=gone_and_apply, args=(story, printer, errors))
        thread.start()
        thread.join(10)
        return found

    monkeypatch.setattr(tiny, "find_story", find_then_kill)
    answer = client.get(f"/world/{story.pk}/")
    assert errors.empty()
    assert answer.status_code == 503
    assert b"secret" not in answer.content


def gone_and_apply(story, printer, errors: Queue) -> None:
    from stoppress.press.changes import changing

    try:
        with changing("take down again") as change:
            change.gone(f"article:{story.pk}")
        with_tags = [{f"article:{story.pk}"}]
        printer.store.apply(change.number, touched=(), gone=with_tags[0])
    except BaseException as error:
        errors.put(error)
    finally:
        connection.close()


def test_a_store_that_is_away_costs_no_reader_the_page(client, store, monkeypatch):
    def full(edition):
        raise StoreUnavailable("The disk is full.")

    monkeypatch.setattr(store, "put", full)
    answer = client.get("/world/")
    assert (answer.status_code, answer["X-Press-Edition"]) == (200, "unstored")
