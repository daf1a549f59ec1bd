"""Who may do what in which section, from one query, so that a list asks nothing per row.

Wagtail's rule: a permission at a page holds for everything below it; "add" alone covers a person's
own pages; a superuser may do everything.
"""

from dataclasses import dataclass, field
from typing import Any

from wagtail.models import Page
from wagtail.permissions import policy_registry

from stoppress.newsroom.models import Section


@dataclass(frozen=True, slots=True)
class Place:
    """A section as the desk names it, with what a user may do there."""

    id: int
    name: str
    path: str  # of the tree
    depth: int
    allowed: frozenset[str] = field(default_factory=frozenset)

    @property
    def may_write(self) -> bool:
        """Whether the user may start a story here."""
        return "add" in self.allowed

    @property
    def may_publish(self) -> bool:
        """Whether the user may publish here."""
        return "publish" in self.allowed


class Access:
    """What a user may do, section by section."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.everything = bool(user.is_active and user.is_superuser)
        self.places = tuple(self._places())
        self._by_id = {place.id: place for place in self.places}

    @property
    def sections(self) -> list[int]:
        """Ids of the sections the user works in."""
        return [place.id for place in self.places if place.allowed]

    @property
    def is_journalist(self) -> bool:
        """Whether the user works in any section, or may do everything."""
        return self.everything or bool(self.sections)

    @property
    def covers_all(self) -> bool:
        """Whether no section is closed to the user."""
        return all(place.allowed for place in self.places)

    def place(self, section_id: int) -> Place | None:
        """The section with that id, if there is one."""
        return self._by_id.get(section_id)

    def may_edit(self, section_id: int, owner_id: int | None) -> bool:
        """Whether the user may edit a story of that owner in that section."""
        place = self._by_id.get(section_id)
        if place is None:
            return False
        return "change" in place.allowed or ("add" in place.allowed and owner_id == self.user.pk)

    def may_publish(self, section_id: int) -> bool:
        """Whether the user may publish stories of that section."""
        place = self._by_id.get(section_id)
        return place is not None and place.may_publish

    def _places(self) -> list[Place]:
        granted = self._granted()
        rows = Section.objects.in_tree_order("pk", "draft_title", "depth")
        return [
            Place(pk, name, path, depth, frozenset(c for p, c in granted if path.startswith(p)))
            for path, pk, name, depth in rows
        ]

    def _granted(self) -> list[tuple[str, str]]:
        """(path, action) for everything the user was given anywhere in the tree."""
        if self.everything:
            return [("", action) for action in ("add", "change", "publish", "lock", "unlock")]
        policy = policy_registry.get_by_type(Page)
        return [
            (row.page.path, row.permission.codename.removesuffix("_page"))
            for row in policy.get_cached_permissions_for_user(self.user)
        ]


def access_of(request: Any) -> Access:
    """The access of the user who asks, looked up once per request."""
    if not hasattr(request, "desk_access"):
        request.desk_access = Access(request.user)
    access: Access = request.desk_access
    return access
