"""The media topics: all of them, with their tree, from the packaged file."""

from dataclasses import replace

from stoppress.newsroom.models import Topic
from stoppress.newsroom.topics import load_topics, packaged_topics
from stoppress.press.editions import print_page
from stoppress.press.models import Change
from tests.newsroom.paper import story


def test_all_are_loaded_with_their_tree(paper):
    rows = list(packaged_topics())
    assert Topic.objects.count() == len(rows) == 1370
    animation = Topic.objects.get(qcode="medtop:20000003")
    assert animation.label == "animation"
    assert animation.broader.broader.label == "arts, culture, entertainment and media"
    assert Topic.objects.filter(retired=True).exists()


def test_loading_again_mends_labels_and_keeps_addresses(paper):
    animation = Topic.objects.get(qcode="medtop:20000003")
    assert load_topics() == 1370
    again = Topic.objects.get(qcode="medtop:20000003")
    assert (again.pk, again.slug) == (animation.pk, animation.slug)


def test_a_topic_has_a_page_even_without_stories(paper):
    text = print_page("/topics/animation/").body.decode()
    assert "Stories told through animated drawings" in text
    assert "/topics/arts-and-entertainment/" in text


def test_a_reworded_topic_is_told_to_its_stories(paper, monkeypatch):
    animation = next(row for row in packaged_topics() if row.qcode == "medtop:20000003")
    page = print_page(story(topics=[animation.qcode]).url)
    other = print_page(story("Other", topics=["medtop:20000337"]).url)
    reworded = [replace(animation, label="drawn film")]
    monkeypatch.setattr("stoppress.newsroom.topics.packaged_topics", lambda: reworded)
    load_topics()
    touched = set(Change.objects.order_by("pk").last().touched)
    assert page.tags & touched
    assert not other.tags & touched
