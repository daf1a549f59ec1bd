"""The desk's home: what is out, what is in hand, what comes next.

Rooms above the newsroom add panels of their own (the wires show their newest takes):

    from stoppress.newsroom.desk.home import HomePanel, register_panel

    @register_panel
    class Takes(HomePanel):
        title = "Newest takes"
        order = 50
        template_name = "wires/desk/takes.html"
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from wagtail.admin.ui.components import Component

from stoppress.edge.health import trouble_in
from stoppress.newsroom.desk.access import Access, access_of
from stoppress.newsroom.desk.lines import Line, lines_of
from stoppress.newsroom.desk.models import NewsListEntry
from stoppress.newsroom.desk.newslist import Question, matching, ordered
from stoppress.newsroom.desk.readership.suspicions import open_suspicions
from stoppress.press.models import PrintAlarm
from stoppress.press.receipts import late_receipts

State = NewsListEntry.State
LINES = 12
FEW_LINES = 8


class HomePanel(Component):
    """One panel of the desk's home; hidden if it has nothing to say."""

    title = ""
    order = 100
    column = "side"  # or "main", or "head" beside the paper's name

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def is_shown(self) -> bool:
        """Whether this user gets the panel at all."""
        return True

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What the panel's template gets."""
        return {"panel": self, "request": self.request}


_panels: list[type[HomePanel]] = []
P = TypeVar("P", bound=type[HomePanel])


def register_panel(panel: P) -> P:
    """Add a panel to everyone's home."""
    if panel not in _panels:
        _panels.append(panel)
    return panel


def panels_for(request: HttpRequest) -> list[HomePanel]:
    """The panels of this user's home, in order."""
    made = (panel(request) for panel in sorted(_panels, key=lambda p: p.order))
    return [panel for panel in made if panel.is_shown()]


class StoriesPanel(HomePanel):
    """A panel that lists stories."""

    template_name = "desk/panels/stories.html"
    empty = ""
    limit = FEW_LINES

    @property
    def access(self) -> Access:
        """What the user may do, shared by all panels."""
        return access_of(self.request)

    def is_shown(self) -> bool:
        """Journalists only: whoever works in no section has no stories."""
        return self.access.is_journalist

    def within(self) -> Question:
        """The sections the user works in."""
        everywhere = self.access.covers_all
        return Question(sections=None if everywhere else tuple(self.access.sections))

    def rows(self) -> Any:
        """The rows to show, ordered."""
        raise NotImplementedError

    def more_url(self) -> str:
        """Where the rest is; empty if nowhere."""
        return ""

    def lines(self) -> list[Line]:
        """The stories of the panel."""
        return lines_of(self.rows()[: self.limit], self.access)

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The stories, and where the rest is."""
        context = super().get_context_data(parent_context)
        return {**context, "lines": self.lines(), "more_url": self.more_url()}


@register_panel
class NewStory(HomePanel):
    """The way to a new story, in a section of the user's own."""

    order = 0
    column = "head"
    template_name = "desk/components/new_story.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The sections the user may write for."""
        places = access_of(self.request).places
        return {"writable": [place for place in places if place.may_write]}


@register_panel
class Alarms(HomePanel):
    """Views that are not counted on this machine, pages that fail to print, publishes not proven
    fresh, reading that looks like abuse.

    Absent while all is well.
    """

    title = "Alarms"
    order = 5
    column = "main"
    template_name = "desk/panels/alarms.html"

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.alarms = list(PrintAlarm.objects.order_by("-last_at")[:FEW_LINES])
        self.late = list(late_receipts()[:FEW_LINES])
        self.suspicions = open_suspicions(access_of(request))
        self.uncounted = trouble_in(settings.JOURNAL_DIR)
        self.uncounted_since = self.uncounted and parse_datetime(self.uncounted.since)

    def is_shown(self) -> bool:
        """Only when something is wrong."""
        is_wrong = bool(self.uncounted or self.alarms or self.late or self.suspicions)
        return access_of(self.request).is_journalist and is_wrong

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Where the rest is: on the page of the press."""
        return {**super().get_context_data(parent_context), "more_url": reverse("desk_press")}


@register_panel
class LiveNow(StoriesPanel):
    """The stories published last."""

    title = "Live now"
    order = 10
    column = "main"
    limit = LINES
    empty = "Nothing is live yet. Write a story and publish it."

    def rows(self) -> Any:
        """What readers see, newest first; everyone at the desk sees all of the paper."""
        return ordered(matching(Question(states=(State.LIVE, State.CHANGED))), "dated_at")

    def more_url(self) -> str:
        """All that is live."""
        return reverse("desk_stories") + "?state=live"


@register_panel
class MyDrafts(StoriesPanel):
    """What the user has in hand."""

    title = "My drafts"
    order = 20
    empty = "You have no unpublished work. Start a story above."

    def rows(self) -> Any:
        """The user's own drafts and changed stories, the freshest first."""
        mine = NewsListEntry.objects.filter(owner_id=self.request.user.pk)
        found = [  # one walk of the index for each state; both at once would be sorted
            *ordered(mine.filter(state=State.DRAFT), "changed_at")[: self.limit],
            *ordered(mine.filter(state=State.CHANGED), "changed_at")[: self.limit],
        ]
        return sorted(found, key=lambda row: (row.changed_at, row.pk), reverse=True)


@register_panel
class Drafts(StoriesPanel):
    """What the others have in hand."""

    title = "Drafts of others"
    order = 40
    column = "main"
    empty = "Nobody else has a draft in your sections."

    def rows(self) -> Any:
        """Drafts of other people in the user's sections."""
        drafts = matching(self.within()).filter(state=State.DRAFT)
        others = drafts.filter(~Q(owner_id=self.request.user.pk) | Q(owner=None))
        return ordered(others, "changed_at")

    def more_url(self) -> str:
        """All drafts."""
        return reverse("desk_stories") + "?state=draft"


@register_panel
class Scheduled(StoriesPanel):
    """What will go live or be taken down by the clock."""

    title = "Scheduled"
    order = 30
    template_name = "desk/panels/scheduled.html"
    empty = "Nothing is scheduled. Set a time under “Status” while editing a story."

    def rows(self) -> Any:
        """Stories with a moment to go live, the next one first."""
        return matching(self.within()).filter(goes_live_at__isnull=False).order_by("goes_live_at")

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Also those with a moment to go."""
        leaving = matching(self.within()).filter(expires_at__isnull=False).order_by("expires_at")
        context = super().get_context_data(parent_context)
        return {**context, "leaving": lines_of(leaving[:FEW_LINES], self.access)}

    def more_url(self) -> str:
        """All that is scheduled."""
        return reverse("desk_stories") + "?state=scheduled"
