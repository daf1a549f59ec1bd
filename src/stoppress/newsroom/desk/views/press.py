"""How the press does, for editors: is everything out, how fast, and what is wrong."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from math import isinf
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from stoppress.edge.metrics import BUCKETS_SECONDS, Numbers, Timings, read_all
from stoppress.newsroom.desk.access import access_of
from stoppress.press.models import Change, Node, PrintAlarm, Receipt
from stoppress.press.numbers import numbers_folder
from stoppress.press.receipts import late_receipts
from stoppress.press.standing import Standing, judge
from stoppress.press.trimming import LIVE

CHANGES_SHOWN = 30
HITS = ("lane_hits", "lane_not_modified", "hits", "not_modified")
MISSES = ("misses", "shared_misses")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its name and what it means."""

    name: str
    value: str
    meaning: str = ""
    is_bad: bool = False


class PressView(WagtailAdminTemplateMixin, TemplateView):
    """Numbers of this machine's edge and printer, all machines, alarms, and the latest receipts."""

    template_name = "desk/press.html"
    page_title = "Press"
    header_icon = "tick-inverse"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Journalists only."""
        if not access_of(request).is_journalist:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Home, then here."""
        return [*self.breadcrumbs_items, {"url": "", "label": "Press"}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything the page shows, from a constant number of queries."""
        numbers = list(read_all(numbers_folder()))
        live = list(Node.objects.filter(heard_at__gt=timezone.now() - LIVE).order_by("name"))
        return super().get_context_data(
            edge=edge_figures([found for found in numbers if found.process == "edge"]),
            press=press_figures([found for found in numbers if found.process == "press"]),
            alarms=PrintAlarm.objects.order_by("-last_at")[:CHANGES_SHOWN],
            late=late_receipts()[:CHANGES_SHOWN],
            nodes=live,
            standings=latest_standings(live),
            **kwargs,
        )


def latest_standings(live: list[Node]) -> list[Standing]:
    """Where the newest changes stand."""
    changes = list(Change.objects.exclude(number=None).order_by("-number")[:CHANGES_SHOWN])
    if not changes:
        return []
    lowest = changes[-1].number
    receipts = list(Receipt.objects.filter(change__gte=lowest).order_by("applied_at", "pk"))
    return [
        judge(change, [r for r in receipts if r.after < (change.number or 0) <= r.change], live)
        for change in changes
    ]


def edge_figures(workers: list[Numbers]) -> list[Figure]:
    """What readers got, since the workers started."""
    if not workers:
        return []
    hits, misses = _sum(workers, HITS), _sum(workers, MISSES)
    asked = hits + misses
    return [
        Figure("Hit ratio", _share(hits, asked), "answered from finished pages"),
        Figure("Pages served", f"{asked:,}", "since the edge was started"),
        Figure("Misses", f"{misses:,}", "rendered while a reader waited"),
        Figure(
            "Served stale",
            f"{_sum(workers, ['stale_served']):,}",
            "the page before, while its print was made",
        ),
        Figure("Failed", f"{_sum(workers, ['failed_misses']):,}", "the app gave no page"),
        Figure("Open streams", f"{sum(w.gauges.get('streams', 0) for w in workers):,.0f}"),
        Figure("Workers", str(len(workers))),
    ]


def press_figures(printers: list[Numbers]) -> list[Figure]:
    """How the printer of this machine does."""
    if not printers:
        return []
    printer = printers[-1]
    gauges, behind = printer.gauges, printer.gauges.get("changes_behind", 0)
    seconds = gauges.get("seconds_behind", 0.0)
    return [
        Figure(
            "Behind",
            f"{behind:,.0f} changes" if behind else "nothing",
            f"the oldest waits {seconds:.1f} s" if behind else "every change is applied",
            is_bad=seconds > timedelta(seconds=5).total_seconds(),
        ),
        _timing("Publish to switch", printer.seconds.get("switch")),
        _timing("Publish to fetched back", printer.seconds.get("proof")),
        _timing("Print of a page", printer.seconds.get("print")),
        Figure("Printed", f"{printer.counted['printed']:,}", "in the switch of a publish"),
        Figure("Reprinted", f"{printer.counted['reprinted']:,}", "afterwards, in batches"),
        Figure("Waiting", f"{gauges.get('stale', 0):,.0f}", "marked to be printed again"),
        Figure(
            "Failing",
            f"{gauges.get('failing', 0):,.0f}",
            "pages that keep their old edition",
            is_bad=bool(gauges.get("failing")),
        ),
    ]


def _timing(name: str, timings: Timings | None) -> Figure:
    half, most = (timings.at_most(0.5), timings.at_most(0.95)) if timings else (None, None)
    if half is None or most is None:
        return Figure(name, "–", "nothing yet")
    return Figure(name, _bound(half), f"95 %: {_bound(most)}")


def _bound(seconds: float) -> str:
    if isinf(seconds):
        return f"> {BUCKETS_SECONDS[-1]:.0f} s"
    return f"≤ {seconds * 1000:,.0f} ms"


def _sum(workers: Iterable[Numbers], events: Iterable[str]) -> int:
    names = tuple(events)
    return sum(worker.counted[name] for worker in workers for name in names)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"
