"""Every kind of change to a story, through the newsroom's actions, the schedule and the desk."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision

from stoppress.edge.views import COUNTED, Batch
from stoppress.newsroom.actions import (
    create_article,
    delete,
    kill,
    lift_kill,
    lift_restrictions,
    move,
    publish,
    restrict,
    unpublish,
)
from stoppress.newsroom.actions.create import stream
from stoppress.newsroom.models import Article, ArticleByline, Author, Picture
from stoppress.newsroom.schedule import carry_out_due
from stoppress.press.changes import changing
from stoppress.readership import totals
from stoppress.readership.counts import REST, refresh_printed_counts
from tests.newsroom.desk.forms import article_form
from tests.newsroom.paper import NOON
from tests.newsroom.settling.room import (
    NODE,
    Fate,
    Room,
    Told,
    body,
    kind,
    other_section,
    our_topics,
    pick_section,
    word_of,
)

DAYS = (0, 3, -20, 31)


def moment(n: int) -> datetime:
    """A moment in one of three months."""
    return NOON + timedelta(days=DAYS[n % len(DAYS)], minutes=n % 50)


def some(model: Any, n: int) -> Any:
    """One row of a table, or None."""
    found = list(model.objects.order_by("pk"))
    return found[n % len(found)] if found else None


def draft(room: Room, n: int) -> Article:
    """A new story that uses what the room has."""
    author, shown, topic = some(Author, n), some(Picture, n), our_topics()[n % 2]
    return create_article(
        section=pick_section(n),
        headline=f"Quay{room.number()} opens",
        body=body(room.pick(n, Fate.LIVE), shown),
        byline=[author] if author else [],
        lead_picture=shown,
        topics=[topic],
    )


def went_out(room: Room, article: Article) -> None:
    room.stories[article.pk] = Told(word_of(article.title), Fate.LIVE)


@kind
def publish_story(room: Room, n: int) -> bool | None:
    article = draft(room, n)
    publish(article, at=moment(n))
    went_out(room, article)
    return None


@kind
def restrict_a_story(room: Room, n: int) -> bool | None:
    article = room.pick_live(n)
    if article is None:
        return False
    restrict(article, restriction_type="login")
    room.stories[article.pk].fate = Fate.CLOSED
    return None


@kind
def open_a_story(room: Room, n: int) -> bool | None:
    pk = room.pick(n, Fate.CLOSED)
    if pk is None:
        return False
    lift_restrictions(Article.objects.get(pk=pk))
    room.stories[pk].fate = Fate.LIVE
    return None


@kind
def carry_out_a_schedule(room: Room, n: int) -> bool | None:
    article = draft(room, n)
    revision = article.save_revision()
    Revision.objects.filter(pk=revision.pk).update(
        approved_go_live_at=timezone.now() - timedelta(seconds=1)
    )
    assert carry_out_due(timezone.now()) == 1
    went_out(room, article)
    return None


@kind
def carry_out_an_expiry(room: Room, n: int) -> bool | None:
    article = room.pick_live(n)
    if article is None:
        return False
    with changing("the moment passes") as change:
        Article.objects.filter(pk=article.pk).update(
            expire_at=timezone.now() - timedelta(seconds=1)
        )
        change.unseen(Article)
    assert carry_out_due(timezone.now()) == 1
    room.stories[article.pk].fate = Fate.DOWN
    return None


def sent(article: Article, **options: Any) -> bool:
    """Publish, unless the story shows something that was deleted: an editor is told to mend it."""
    try:
        publish(article, **options)
    except ValidationError as refused:
        if "This field is required" not in str(refused):
            raise
        return False
    return True


def edit(room: Room, n: int, **changed: Any) -> bool:
    """Change fields of a live story and publish it."""
    article = room.pick_live(n)
    if article is None:
        return False
    for name, value in changed.items():
        setattr(article, name, value)
    return sent(article)


@kind
def change_headline(room: Room, n: int) -> bool | None:
    article = room.pick_live(n)
    if article is None:
        return False
    article.title = f"{room.stories[article.pk].word} {('rises', 'falls', 'burns')[n % 3]}".title()
    return sent(article)


@kind
def change_text(room: Room, n: int) -> bool | None:
    return edit(room, n, body=stream(body(room.pick(n // 2, Fate.LIVE), some(Picture, n // 3))))


@kind
def change_standfirst(room: Room, n: int) -> bool | None:
    return edit(room, n, standfirst=f"All about it, {n}.", seo_title=f"Title {n}")


@kind
def change_language_of_story(room: Room, n: int) -> bool | None:
    return edit(
        room, n, language=("ar", "en", "pt")[n % 3], kind=("report", "picture-story")[n % 2]
    )


@kind
def change_lead_picture(room: Room, n: int) -> bool | None:
    return edit(room, n, lead_picture=some(Picture, n // 2))


@kind
def change_byline(room: Room, n: int) -> bool | None:
    article = room.pick_live(n)
    author = some(Author, n // 2)
    if article is None or author is None:
        return False
    named = list(article.byline.all())
    article.byline = named[1:] if named else [ArticleByline(author=author, sort_order=0)]
    return sent(article)


@kind
def change_topics(room: Room, n: int) -> bool | None:
    article = room.pick_live(n)
    if article is None:
        return False
    article.topics = [] if article.topics.all() else [our_topics()[n // 2 % 2]]
    return sent(article)


@kind
def change_slug_of_story(room: Room, n: int) -> bool | None:
    article = room.pick_live(n)
    if article is None:
        return False
    article.address_slug = f"{room.stories[article.pk].word}-{'abc'[n % 3]}"
    return sent(article)


@kind
def change_date(room: Room, n: int) -> bool | None:
    article = room.pick_live(n)
    if article is None:
        return False
    return sent(article, at=moment(n // 2))


def tell(kind_of_update: str) -> Any:
    def told(room: Room, n: int) -> bool | None:
        article = room.pick_live(n)
        if article is None:
            return False
        article.updates.create(kind=kind_of_update, dated_at=moment(n // 2), text=f"Note {n}.")
        return sent(article)

    told.__name__ = f"tell_of_a_{kind_of_update}"
    return told


for _kind in ("silent", "update", "correction", "clarification", "retraction"):
    kind(tell(_kind))


@kind
def take_down(room: Room, n: int) -> bool | None:
    article = room.pick_live(n)
    if article is None:
        return False
    unpublish(article)
    room.stories[article.pk].fate = Fate.DOWN
    return None


@kind
def take_down_at_the_desk(room: Room, n: int) -> bool | None:
    article = room.pick_live(n)
    if article is None:
        return False
    room.post(reverse("wagtailadmin_pages:unpublish", args=[article.pk]), reason="Not yet.")
    room.stories[article.pk].fate = Fate.DOWN
    return None


@kind
def take_down_several_at_the_desk(room: Room, n: int) -> bool | None:
    found = {pk for pk in (room.pick(n, Fate.LIVE), room.pick(n + 1, Fate.LIVE)) if pk}
    if not found:
        return False
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    room.post(f"{url}?" + "&".join(f"id={pk}" for pk in sorted(found)))
    for pk in found:
        room.stories[pk].fate = Fate.DOWN
    return None


@kind
def publish_again(room: Room, n: int) -> bool | None:
    pk = room.pick(n, Fate.DOWN)
    if pk is None:
        return False
    article = Article.objects.get(pk=pk)
    article.expire_at = None
    if not sent(article):
        return False
    room.stories[pk].fate = Fate.LIVE
    return None


@kind
def publish_at_the_desk(room: Room, n: int) -> bool | None:
    pk = room.pick(n, Fate.LIVE, Fate.DOWN)
    if pk is None:
        return False
    form = article_form(f"{room.stories[pk].word} reopens".title(), text="<p>At last.</p>")
    form |= {"action-publish": "publish", "overwrite_newer": "1"}
    room.post(reverse("wagtailadmin_pages:edit", args=[pk]), **form)
    room.stories[pk].fate = Fate.LIVE
    return None


@kind
def kill_story(room: Room, n: int) -> bool | None:
    pk = room.pick(n, Fate.LIVE)
    if pk is None:
        return False
    kill(Article.objects.get(pk=pk), reason="wrong name")
    room.stories[pk].fate = Fate.KILLED
    return None


@kind
def kill_at_the_desk(room: Room, n: int) -> bool | None:
    pk = room.pick(n, Fate.LIVE)
    if pk is None:
        return False
    room.post(reverse("desk_kill", args=[pk]), reason="wrong name")
    room.stories[pk].fate = Fate.KILLED
    return None


@kind
def lift_a_kill_and_publish(room: Room, n: int) -> bool | None:
    pk = room.pick(n, Fate.KILLED)
    if pk is None:
        return False
    if not sent(lift_kill(Article.objects.get(pk=pk))):
        room.stories[pk].fate = Fate.DOWN
        return False
    room.stories[pk].fate = Fate.LIVE
    return None


@kind
def delete_story(room: Room, n: int) -> bool | None:
    pk = room.pick(n, Fate.LIVE)
    if pk is None:
        return False
    delete(Article.objects.get(pk=pk))
    room.stories[pk].fate = Fate.DELETED
    return None


@kind
def delete_at_the_desk(room: Room, n: int) -> bool | None:
    pk = room.pick(n, Fate.LIVE)
    if pk is None:
        return False
    room.post(reverse("wagtailadmin_pages:delete", args=[pk]))
    room.stories[pk].fate = Fate.DELETED
    return None


@kind
def move_story(room: Room, n: int) -> bool | None:
    article = room.pick_live(n)
    target = other_section(article, n // 2) if article else None
    if article is None or target is None:
        return False
    move(article, target)
    return None


@kind
def move_at_the_desk(room: Room, n: int) -> bool | None:
    article = room.pick_live(n)
    target = other_section(article, n // 2) if article else None
    if article is None or target is None:
        return False
    room.post(reverse("wagtailadmin_pages:move_confirm", args=[article.pk, target.pk]))
    return None


@kind
def refresh_counts(room: Room, n: int) -> bool | None:
    pk = room.pick(n, Fate.LIVE)
    if pk is None:
        return False
    hour = int(datetime(2026, 3, 14, 12, tzinfo=UTC).timestamp())
    views = 10 ** min(next(room.numbers), 15)
    row = (pk, hour, views, *[0] * (len(COUNTED) - 1))
    batch = Batch(NODE, totals.last_batch(NODE) + 1, (row,), ())
    totals.add(batch)
    refresh_printed_counts(timezone.now() + 2 * REST * next(room.numbers))
    return None
