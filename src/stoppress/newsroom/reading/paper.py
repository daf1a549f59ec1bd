"""What every page carries: the paper and its sections."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.conf import settings
from django.db.models import Exists, OuterRef
from wagtail.models import PageViewRestriction

from stoppress.newsroom import tags
from stoppress.newsroom.addresses import FRONT_DEPTH, TREE_STEP, section_url
from stoppress.newsroom.languages import direction_of
from stoppress.newsroom.models import Section, SectionPath
from stoppress.press.recording import record
from stoppress.press.sharing import reads_once
from stoppress.theme.shapes import Link, NavigationItem, Paper


@dataclass(frozen=True, slots=True)
class SectionNode:
    """A section in the tree, with the ids of those around it, outermost first."""

    id: int
    name: str
    url: str
    is_live: bool
    outer: tuple[int, ...]

    @property
    def link(self) -> Link:
        """Its name and address."""
        return Link(self.name, self.url)


class Tree(Mapping[int, SectionNode]):
    """Every section by id, in the order of the tree; there are tens, so one read serves a page."""

    __hash__ = object.__hash__  # a tree is itself: what was made of it is kept with it

    def __init__(self, nodes: Mapping[int, SectionNode]) -> None:
        self._nodes = MappingProxyType(dict(nodes))

    def __getitem__(self, id_: int) -> SectionNode:
        return self._nodes[id_]

    def __iter__(self) -> Iterator[int]:
        return iter(self._nodes)

    def __len__(self) -> int:
        return len(self._nodes)

    def __eq__(self, other: object) -> bool:
        return self is other


@reads_once
def read_tree() -> Tree:
    """The sections that have an address."""
    record(tags.EPOCH_NAVIGATION)
    is_closed = Exists(PageViewRestriction.objects.filter(page_id=OuterRef("pk")))
    rows = Section.objects.in_tree_order("pk", "title", "live", is_closed)
    closed = tuple(path for path, *_, closes in rows if closes)
    paths = dict(SectionPath.objects.filter(is_current=True).values_list("section_id", "path"))
    ids = {path: id_ for path, id_, *_ in rows}
    nodes = {}
    for path, id_, name, is_live, _ in rows:
        if id_ in paths:
            ends = range((FRONT_DEPTH + 1) * TREE_STEP, len(path), TREE_STEP)
            outer = tuple(ids[path[:end]] for end in ends if path[:end] in ids)
            url = section_url(paths[id_])
            is_open = is_live and not path.startswith(closed)
            nodes[id_] = SectionNode(id_, name, url, is_open, outer)
    return Tree(nodes)


@reads_once
def read_path_holders() -> Mapping[str, tuple[int, ...]]:
    """The sections that have or had each path, whoever has it now first."""
    record(tags.EPOCH_NAVIGATION)
    rows = SectionPath.objects.order_by("path", "-is_current", "-since", "-id")
    holders: dict[str, tuple[int, ...]] = {}
    for path, section_id in rows.values_list("path", "section_id"):
        holders[path] = (*holders.get(path, ()), section_id)
    return MappingProxyType(holders)


@reads_once
def read_description(section_id: int) -> str:
    """What a section says of itself."""
    record(tags.section(section_id))
    return Section.objects.values_list("description", flat=True).get(pk=section_id)


def read_navigation(tree: Tree | None = None) -> tuple[NavigationItem, ...]:
    """The live sections, each with those directly inside it."""
    live = [node for node in (tree or read_tree()).values() if node.is_live]
    return tuple(
        NavigationItem(
            node.name,
            node.url,
            tuple(inner.link for inner in live if inner.outer[-1:] == (node.id,)),
        )
        for node in live
        if not node.outer
    )


@reads_once
def read_paper(tree: Tree | None = None) -> Paper:
    """The paper itself, as every page shows it."""
    record(tags.EPOCH_SETTINGS)
    return Paper(
        name=settings.PAPER_NAME,
        tagline=settings.PAPER_TAGLINE,
        origin=settings.ORIGIN,
        language=settings.LANGUAGE_CODE,
        direction=direction_of(settings.LANGUAGE_CODE),
        time_zone=settings.PAPER_TIME_ZONE,
        navigation=read_navigation(tree),
    )


def links_to(section_id: int, tree: Tree) -> tuple[Link, ...]:
    """The way to a section: those around it, outermost first, and itself."""
    node = tree[section_id]
    return (*(tree[id_].link for id_ in node.outer if id_ in tree), node.link)


def lists_below(section_id: int, tree: Tree) -> list[str]:
    """The lists of a section and of all inside it: merged, they are what its page shows."""
    inside = [node.id for node in tree.values() if section_id in node.outer]
    return [tags.section_list(id_) for id_ in (section_id, *inside)]
