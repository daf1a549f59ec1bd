"""Stories that several people begin in one section at once."""

import threading
from contextlib import closing

from django.db import connection
from wagtail.models import Page

from stoppress.newsroom.actions import create_article
from stoppress.newsroom.models import Article
from tests.newsroom.paper import section

WRITERS, STORIES = 4, 6


def test_writers_who_begin_at_once_all_get_a_place(paper):
    faults: list[Exception] = []

    def write(writer: int) -> None:
        with closing(connection):
            try:
                for number in range(STORIES):
                    create_article(section="world", headline=f"{writer} writes {number}")
            except Exception as fault:
                faults.append(fault)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert Article.objects.count() == WRITERS * STORIES
    assert not any(Page.find_problems())
    assert section("world").numchild == WRITERS * STORIES + 1  # with the section Islands
