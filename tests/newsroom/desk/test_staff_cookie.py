"""Whoever is logged in at the desk says so to the counting, and nobody else does."""

import pytest
from django.test import Client
from django.urls import reverse

from stoppress.edge.reads import STAFF_COOKIE
from tests.newsroom.desk.conftest import PASSWORD

LOGIN = {"username": "edda", "password": PASSWORD}


@pytest.fixture
def browser(paper) -> Client:
    return Client()


def log_in(browser, **more):
    return browser.post(reverse("wagtailadmin_login"), LOGIN | more)


def test_logging_in_sets_it_for_the_whole_site_and_logging_out_removes_it(browser):
    cookie = log_in(browser, remember="on").cookies[STAFF_COOKIE]
    assert (cookie.value, cookie["path"], cookie["domain"]) == ("1", "/", "")
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    removed = browser.post(reverse("wagtailadmin_logout")).cookies[STAFF_COOKIE]
    assert (removed.value, removed["max-age"], removed["path"]) == ("", 0, "/")


@pytest.mark.parametrize("is_https", [True, False])
def test_it_is_secure_where_the_session_is(browser, settings, is_https):
    settings.SESSION_COOKIE_SECURE = is_https
    assert bool(log_in(browser).cookies[STAFF_COOKIE]["secure"]) is is_https


def test_it_lasts_as_long_as_the_session(browser):
    answer = log_in(browser, remember="on")
    session, staff = answer.cookies["stoppress_session"], answer.cookies[STAFF_COOKIE]
    assert staff["max-age"] == session["max-age"] > 0
    browser.post(reverse("wagtailadmin_logout"))
    assert log_in(browser).cookies[STAFF_COOKIE]["max-age"] == ""


def test_a_session_that_ran_out_takes_it_along(browser):
    log_in(browser)
    del browser.cookies["stoppress_session"]
    assert browser.get(reverse("wagtailadmin_home")).cookies[STAFF_COOKIE].value == ""


def test_it_comes_back_to_a_browser_that_lost_it(browser):
    log_in(browser)
    del browser.cookies[STAFF_COOKIE]
    assert browser.get(reverse("wagtailadmin_home")).cookies[STAFF_COOKIE].value == "1"
    assert STAFF_COOKIE not in browser.get(reverse("wagtailadmin_home")).cookies


def test_strangers_and_readers_pages_never_get_it(browser, paper):
    assert STAFF_COOKIE not in browser.get(reverse("wagtailadmin_login")).cookies
    refused = browser.post(reverse("wagtailadmin_login"), LOGIN | {"password": "wrong"})
    assert STAFF_COOKIE not in refused.cookies
    log_in(browser)
    page = browser.get("/")
    assert not page.cookies
    assert "Cookie" not in page.headers.get("Vary", "")
