"""Writing authors: every page that names one hears of it, and no address of theirs is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from stoppress.newsroom import tags
from stoppress.newsroom.errors import AuthorAddressTaken
from stoppress.newsroom.models import Author, FormerAuthorSlug
from stoppress.newsroom.slugs import make_slug, numbered
from stoppress.press.changes import changing


@contextmanager
def saving_author(author: Author) -> Iterator[None]:
    """Around a save: give the author a slug, keep the former one, tell the pages that name them.

    Raises AuthorAddressTaken if the slug was another author's, and nothing is saved.
    """
    with changing(f"save author {author.pk or author.name}"[:200]) as change:
        if not author.slug:
            author.slug = free_slug(author)
        before, kind = _standing(author)
        yield
        if author.slug != before:
            # After the save: of two authors who want a slug, the second has waited for the first.
            if formerly_of_another(author):
                raise AuthorAddressTaken(author.slug)
            FormerAuthorSlug.objects.filter(slug=author.slug).delete()
            _keep(before, author.pk)
        if (author.slug, author.kind) != (before, kind):
            change.touch(tags.ALL_AUTHORS)
        change.touch(tags.author(author.pk))


@contextmanager
def deleting_author(author: Author) -> Iterator[None]:
    """Around a deletion: their page is gone, their stories lose the name."""
    with changing(f"delete author {author.pk}") as change:
        change.touch(tags.author(author.pk), tags.ALL_AUTHORS)
        _keep(_standing(author)[0], author.pk)
        yield


def formerly_of_another(author: Author) -> bool:
    """Whether the author's slug once led readers to somebody else."""
    rows = FormerAuthorSlug.objects.filter(slug=author.slug)
    return rows.exclude(author_id=author.pk or 0).exists()


def free_slug(author: Author) -> str:
    """The first slug made from the author's name that nobody else has or had."""
    wanted = make_slug(author.name, fallback="author")
    others = Author.objects.filter(slug__startswith=wanted).exclude(pk=author.pk)
    former = FormerAuthorSlug.objects.filter(slug__startswith=wanted)
    former = former.exclude(author_id=author.pk or 0)
    taken = {*others.values_list("slug", flat=True), *former.values_list("slug", flat=True)}
    return next(slug for n in count(1) if (slug := numbered(wanted, n)) not in taken)


def _standing(author: Author) -> tuple[str | None, str | None]:
    """What decides whether and where the author has a page, as the database has it."""
    found = Author.objects.filter(pk=author.pk).values_list("slug", "kind").first()
    return found or (None, None)


def _keep(slug: str | None, author_id: int) -> None:
    if slug is not None:
        FormerAuthorSlug.objects.update_or_create(slug=slug, defaults={"author_id": author_id})
