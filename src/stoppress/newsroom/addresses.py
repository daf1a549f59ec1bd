"""Addresses: where each section and article stands, and where it once stood.

See `models.addresses` for the shape of the tables. Nothing here loops over articles: a section's
new path is a row, an article's new day, slug or section is a row, and every older row still leads
to the article, in one step.
"""

from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from wagtail.models import Page

from stoppress.newsroom import clock
from stoppress.newsroom.errors import AddressesContested, AddressTaken
from stoppress.newsroom.models.addresses import ArticleAddress, SectionPath
from stoppress.newsroom.slugs import SLUG_MAX_CHARACTERS, make_slug, numbered

TREE_STEP = Page.steplen  # characters of a tree path for each level
FRONT_DEPTH = 2
TRIES = 5  # each lost try is another story that took the slug in the same instant


@dataclass(frozen=True, slots=True)
class Found:
    """What an address led to: an article or a section, and whether it is the current address."""

    id: int
    url: str  # its current address; empty if it has none any more
    is_current: bool


@dataclass(frozen=True, slots=True)
class Assigned:
    """The address that an article has now, and the one it had; None and None if it had none."""

    section_path: str
    url: str
    former_url: str | None
    former_day: date | None


def article_url(path: str, day: date, slug: str) -> str:
    """An article's address from its parts."""
    return f"/{path}/{day.year:04}/{day.month:02}/{day.day:02}/{slug}/"


def section_url(path: str) -> str:
    """A section's address from its path."""
    return f"/{path}/"


def find_section(path: str) -> Found | None:
    """Which section has this path, or had it last; None if none ever had."""
    row = SectionPath.objects.filter(path=path).order_by("-is_current", "-since", "-id").first()
    if row is None:
        return None
    if row.is_current:
        return Found(row.section_id, section_url(path), is_current=True)
    current = SectionPath.objects.filter(section_id=row.section_id, is_current=True).first()
    return Found(row.section_id, section_url(current.path) if current else "", is_current=False)


def current_urls(article_ids: list[int]) -> dict[int, str]:
    """The current addresses of articles that have one, by two queries."""
    rows = list(ArticleAddress.objects.filter(article_id__in=article_ids, is_current=True))
    paths = current_paths([row.section_id for row in rows])
    return {
        row.article_id: article_url(paths[row.section_id], row.date, row.slug)
        for row in rows
        if row.section_id in paths
    }


def current_paths(section_ids: list[int]) -> dict[int, str]:
    """The current paths of sections that have one."""
    rows = SectionPath.objects.filter(section_id__in=set(section_ids), is_current=True)
    return dict(rows.values_list("section_id", "path"))


def assign(article: Any) -> Assigned:
    """Give a live article the address it should have; the one it has stays if it fits."""
    section_id = article.get_parent().pk
    day = clock.paper_day(article.moment)
    wanted = make_slug(article.address_slug or article.headline)
    former = ArticleAddress.objects.filter(article_id=article.pk, is_current=True).first()
    paths = current_paths([section_id, former.section_id] if former else [section_id])
    current = former
    if not (current and _still_fits(current, section_id, day, wanted)):
        if former:
            ArticleAddress.objects.filter(article_id=article.pk).update(is_current=False)
        current = _take(article.pk, section_id, day, wanted)
    url = article_url(paths[section_id], current.date, current.slug)
    if former is None or former.section_id not in paths:
        return Assigned(paths[section_id], url, None, None)
    former_url = article_url(paths[former.section_id], former.date, former.slug)
    return Assigned(paths[section_id], url, former_url, former.date)


def _take(article_id: int, section_id: int, day: date, wanted: str) -> ArticleAddress:
    """Take the first free address; another publish may take it first, so try again then."""
    for _ in range(TRIES):
        slug = _free_slug(article_id, section_id, day, wanted)
        place = ArticleAddress(
            article_id=article_id, section_id=section_id, date=day, slug=slug, is_current=True
        )
        try:
            with transaction.atomic():
                once_its_own = ArticleAddress.objects.filter(
                    article_id=article_id, section_id=section_id, date=day, slug=slug
                )
                if not once_its_own.update(is_current=True):
                    place.save(force_insert=True)
                return place
        except IntegrityError:
            continue
    raise AddressesContested(wanted)


def public_url_parts(page: Any) -> tuple[int, str, str] | None:
    """Wagtail's view of an address: (site, origin, path)."""
    url = _public_url(page)
    site = _only_site_id()
    return (site, settings.ORIGIN, url) if url and site else None


def sync_sections(section_id: int | None = None) -> bool:
    """Bring the paths of a section and those below it (or of all) in line with the tree.

    Returns whether any path changed. Raises AddressTaken if a path would hide another's stories.
    """
    wanted = _wanted_paths(section_id)
    held = dict(
        SectionPath.objects.filter(section_id__in=wanted, is_current=True).values_list(
            "section_id", "path"
        )
    )
    moved = {id_: path for id_, path in wanted.items() if held.get(id_) != path}
    if not moved:
        return False
    for id_, path in moved.items():
        _refuse_hiding(id_, path)
    SectionPath.objects.filter(section_id__in=moved, is_current=True).update(is_current=False)
    for id_, path in moved.items():
        SectionPath.objects.update_or_create(
            path=path, section_id=id_, defaults={"is_current": True}
        )
    return True


def retire_sections(section_ids: list[int]) -> None:
    """Leave the paths of deleted sections to history."""
    SectionPath.objects.filter(section_id__in=section_ids).update(is_current=False)


def retire_article(article_id: int) -> None:
    """Leave an article's addresses to history: they answer 410 from now on."""
    ArticleAddress.objects.filter(article_id=article_id).update(is_current=False)


def _public_url(page: Any) -> str:
    if page.depth == FRONT_DEPTH:
        return "/"
    if url := current_urls([page.pk]).get(page.pk):
        return url
    path = current_paths([page.pk]).get(page.pk)
    return section_url(path) if path else ""


def _only_site_id() -> int | None:
    from wagtail.models import Site

    paths = Site.get_site_root_paths()  # cached by Wagtail
    return paths[0].site_id if paths else None


def _still_fits(row: ArticleAddress, section_id: int, day: date, wanted: str) -> bool:
    stem, _, number = row.slug.rpartition("-")
    has_slug = row.slug == wanted or (stem == wanted and number.isdigit())
    return row.section_id == section_id and row.date == day and has_slug


def _free_slug(article_id: int, section_id: int, day: date, wanted: str) -> str:
    """The first choice that no other article has or had at this path on this day."""
    paths = SectionPath.objects.filter(section_id=section_id).values("path")
    rivals = SectionPath.objects.filter(path__in=paths).values("section_id")
    taken = set(
        ArticleAddress.objects.filter(
            section_id__in=rivals, date=day, slug__startswith=wanted[:SLUG_MAX_CHARACTERS]
        )
        .exclude(article_id=article_id)
        .values_list("slug", flat=True)
    )
    return next(slug for n in count(1) if (slug := numbered(wanted, n)) not in taken)


def _wanted_paths(section_id: int | None) -> dict[int, str]:
    from stoppress.newsroom.models.sections import Section

    rows = Section.objects.in_tree_order("slug", "pk")
    tree = {path: slug for path, slug, _ in rows}
    ids = {path: id_ for path, _, id_ in rows}
    start = next((path for path, id_ in ids.items() if id_ == section_id), None)
    wanted = {}
    for path, slug in tree.items():
        if start is None or path.startswith(start):
            outer = [tree[path[:end]] for end in _outer_ends(path) if path[:end] in tree]
            wanted[ids[path]] = "/".join([*outer, slug])
    return wanted


def _outer_ends(path: str) -> range:
    return range((FRONT_DEPTH + 1) * TREE_STEP, len(path), TREE_STEP)


def _refuse_hiding(section_id: int, path: str) -> None:
    """Two sections that had one path in turn must not both hold a story at one address of it."""
    others = list(
        SectionPath.objects.filter(path=path)
        .exclude(section_id=section_id)
        .values_list("section_id", flat=True)
    )
    if not others:
        return
    theirs = ArticleAddress.objects.filter(
        section_id__in=others, date=OuterRef("date"), slug=OuterRef("slug")
    )
    mine = ArticleAddress.objects.filter(Exists(theirs), section_id=section_id)
    clash = mine.order_by("date", "slug").first()
    if clash:
        raise AddressTaken(section_url(path), article_url(path, clash.date, clash.slug))
