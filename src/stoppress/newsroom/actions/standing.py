"""Standing: bringing what readers can find in line with what is live.

Readers see an article only through its address, its lists and the search index. `show` and `hide`
write these in the change of the act that asks, and touch what they changed; both may be repeated.
"""

from django.db import connection
from wagtail.models import PageViewRestriction

from stoppress.newsroom import addresses, clock, corrections, days, listings, search, tags
from stoppress.newsroom.actions.corepages import core_pages_of
from stoppress.newsroom.actions.placing import PlacedStory, placed
from stoppress.newsroom.models import Article, ArticleAddress, Section
from stoppress.newsroom.renditions import ensure_renditions
from stoppress.press.changes import changing


def show(article: Article) -> None:
    """Let readers find a live article where it belongs now, unless it is closed to some of them."""
    if article.path.startswith(closed_paths()):
        with changing(f"keep article {article.pk} closed") as change:
            hide(article.pk)
            change.touch(tags.article(article.pk))
        return
    with changing(f"show article {article.pk}") as change:
        assigned = addresses.assign(article)
        story = placed(article, assigned.section_path)
        touched = listings.enlist(article.pk, article.moment, lists_of(story))
        search.write(article, story.names)
        ensure_renditions(article)
        change.touch(tags.article(article.pk), *touched)
        day = clock.paper_day(article.moment)
        change.touch(*days.touched_by(article.pk, assigned.former_day, day))
        if assigned.url != assigned.former_url:
            change.touch(tags.card(article.pk))
        change.print_first(assigned.url, *(core_pages_of(story) if touched else ()))


def hide(article_id: int) -> None:
    """Take an article from readers at once; its addresses answer 410."""
    if not is_standing(article_id):
        return
    with changing(f"hide article {article_id}") as change:
        change.gone(tags.article(article_id), tags.card(article_id))
        change.touch(*listings.delist(article_id))
        day = days.day_of(article_id)
        change.touch(*days.touched_by(article_id, day, None))
        if day is not None:
            change.gone(tags.day(day))  # the sitemap: addresses say what stories are about
        if told := corrections.moments_of(article_id):
            corrections.recount(told, without=article_id)
            change.touch(tags.CORRECTIONS)
        search.remove(article_id)
        addresses.retire_article(article_id)


def closed_paths() -> tuple[str, ...]:
    """Return the tree paths of pages that not everybody may see: what is below is closed, too."""
    return tuple(PageViewRestriction.objects.values_list("page__path", flat=True))


def is_standing(article_id: int) -> bool:
    """Whether readers can find the article now."""
    return ArticleAddress.objects.filter(article_id=article_id, is_current=True).exists()


def lists_of(story: PlacedStory) -> list[str]:
    """The lists a live article stands in: all, its section, its authors, its topics and theirs."""
    return [
        tags.LATEST,
        tags.section_list(story.article.get_parent().pk),
        *(tags.author_list(author.pk) for author in story.authors),
        *(tags.topic_list(id_) for id_ in _with_broader([topic.pk for topic in story.topics])),
    ]


def settle_section(section: Section) -> None:
    """Bring a section's paths in line with the tree; navigation hears of it if one changed."""
    with changing(f"settle section {section.pk}") as change:
        change.touch(tags.section(section.pk))
        if addresses.sync_sections(section.pk):
            change.touch(tags.EPOCH_NAVIGATION)


def _with_broader(topic_ids: list[int]) -> set[int]:
    if not topic_ids:
        return set()
    marks = ", ".join(["%s"] * len(topic_ids))
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE wider (id) AS (SELECT id FROM newsroom_topic WHERE id IN ({marks}) "  # noqa: S608
            "UNION SELECT broader_id FROM newsroom_topic JOIN wider USING (id) "
            "WHERE broader_id IS NOT NULL) SELECT id FROM wider",
            topic_ids,
        )
        return {row[0] for row in cursor.fetchall()}
