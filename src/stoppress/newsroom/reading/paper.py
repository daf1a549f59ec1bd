"""What every page carries: the paper and its sections."""

from dataclasses import dataclass

from django.conf import settings

from stoppress.newsroom import tags
from stoppress.newsroom.addresses import FRONT_DEPTH, TREE_STEP, section_url
from stoppress.newsroom.languages import direction_of
from stoppress.newsroom.models import Section, SectionPath
from stoppress.press.recording import reads, record
from stoppress.theme.shapes import Link, NavigationItem, Paper


@dataclass(frozen=True, slots=True)
class SectionNode:
    """A section in the tree, with the ids of those around it, outermost first."""

    id: int
    name: str
    url: str
    description: str
    is_live: bool
    outer: tuple[int, ...]

    @property
    def link(self) -> Link:
        """Its name and address."""
        return Link(self.name, self.url)


Tree = dict[int, SectionNode]


@reads
def read_tree() -> Tree:
    """Every section in the order of the tree; there are tens, so one read serves a page."""
    record(tags.EPOCH_NAVIGATION)
    rows = list(
        Section.objects.order_by("path").values_list("pk", "path", "title", "live", "description")
    )
    paths = dict(SectionPath.objects.filter(is_current=True).values_list("section_id", "path"))
    ids = {path: id_ for id_, path, *_ in rows}
    tree: Tree = {}
    for id_, path, name, is_live, description in rows:
        if id_ in paths:
            ends = range((FRONT_DEPTH + 1) * TREE_STEP, len(path), TREE_STEP)
            outer = tuple(ids[path[:end]] for end in ends if path[:end] in ids)
            tree[id_] = SectionNode(id_, name, section_url(paths[id_]), description, is_live, outer)
    return tree


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
