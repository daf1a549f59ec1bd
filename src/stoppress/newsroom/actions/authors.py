"""Writing authors: every page that names one hears of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from stoppress.newsroom import tags
from stoppress.newsroom.models import Author
from stoppress.newsroom.slugs import make_slug, numbered
from stoppress.press.changes import changing


@contextmanager
def saving_author(author: Author) -> Iterator[None]:
    """Around a save: give the author a slug, and tell the pages that name them."""
    with changing(f"save author {author.pk or author.name}"[:200]) as change:
        if not author.slug:
            author.slug = free_slug(author)
        if author.slug != _slug_in_database(author):
            change.touch(tags.ALL_AUTHORS)
        yield
        change.touch(tags.author(author.pk))


@contextmanager
def deleting_author(author: Author) -> Iterator[None]:
    """Around a deletion: their page is gone, their stories lose the name."""
    with changing(f"delete author {author.pk}") as change:
        change.touch(tags.author(author.pk), tags.ALL_AUTHORS)
        yield


def _slug_in_database(author: Author) -> str | None:
    return Author.objects.filter(pk=author.pk).values_list("slug", flat=True).first()


def free_slug(author: Author) -> str:
    """The first slug made from the author's name that nobody else has."""
    wanted = make_slug(author.name, fallback="author")
    taken = set(
        Author.objects.filter(slug__startswith=wanted)
        .exclude(pk=author.pk)
        .values_list("slug", flat=True)
    )
    return next(slug for n in count(1) if (slug := numbered(wanted, n)) not in taken)
