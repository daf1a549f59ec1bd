"""Who reads what: the paper's numbers and each story's, as pages, live parts and files."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from stoppress.newsroom.desk.access import access_of
from stoppress.newsroom.desk.models import NewsListEntry, Scope
from stoppress.newsroom.desk.readership.errors import BadQuestion
from stoppress.newsroom.desk.readership.exports import as_csv
from stoppress.newsroom.desk.readership.questions import paper_question, read_span
from stoppress.newsroom.desk.readership.report import Report, report
from stoppress.newsroom.desk.readership.spans import Grain
from stoppress.newsroom.desk.readership.story import StoryReport, story_report
from stoppress.newsroom.desk.readership.suspicions import (
    Suspicion,
    may_settle,
    open_suspicions,
    suspicions_of,
)
from stoppress.newsroom.models import Article
from stoppress.readership import spikes

FORMATS = ("", "json", "csv", "live")
PACE_MS = {Grain.MINUTE: 5_000, Grain.HOUR: 15_000, Grain.DAY: 60_000}  # of an open page
SPANS = (("now", "Now"), ("today", "Today"), ("30d", "30 days"))
BAD_REQUEST = 400


class Numbers(WagtailAdminTemplateMixin, TemplateView):
    """What both pages share: one address for the page, its live part, and the files."""

    header_icon = "desk-chart"
    live_template = ""
    base_url = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Journalists only; every one of them sees all numbers."""
        self.access = access_of(request)
        if not self.access.is_journalist:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or what `format` asks for. Whatever can't be answered is a sentence and 400."""
        self.now = timezone.now()
        try:
            asked = _format(request.GET.get("format", ""))
            context = self.ask()
            if asked == "csv":
                return self._csv(context["report"])
        except BadQuestion as why:
            return self._refuse(str(why))
        if asked == "json":
            told = {**self.described(context), **context["report"].as_json()}
            answer = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 1})
            return _as_file(answer, f"{self.file_name(context['report'])}.json")
        if asked == "live":
            return HttpResponse(render_to_string(self.live_template, context, request))
        return self.render_to_response(self.get_context_data(**context))

    def ask(self) -> dict[str, Any]:
        """Everything the page shows, its report as `report`. Raises BadQuestion."""
        raise NotImplementedError

    def described(self, context: dict[str, Any]) -> dict[str, Any]:
        """What the JSON says of whom its numbers are."""
        raise NotImplementedError

    def file_name(self, told: Report | StoryReport) -> str:
        """What a downloaded file is called, without its ending."""
        raise NotImplementedError

    def shared(self, told: Report | StoryReport) -> dict[str, Any]:
        """What both pages show around their numbers."""
        said = self.request.GET.copy()
        for name in ("format", "table"):
            said.pop(name, None)
        return {
            "report": told,
            "now": self.now,
            "query": said.urlencode(),
            "pace_ms": PACE_MS[told.span.grain] if told.span.is_live else 0,
            "from_day": told.span.first_day.isoformat(),
            "to_day": told.span.last_day.isoformat(),
        }

    def _csv(self, told: Report | StoryReport) -> HttpResponse:
        name = self.request.GET.get("table", "series")
        table = told.tables.get(name)
        if table is None:
            names = ", ".join(told.tables)
            raise BadQuestion(f"There is no table “{name[:40]}” here. There are {names}.")
        answer = HttpResponse(as_csv(table), content_type="text/csv; charset=utf-8; header=present")
        return _as_file(answer, f"{self.file_name(told)}-{table.name}.csv")

    def _refuse(self, why: str) -> HttpResponse:
        if self.request.GET.get("format"):
            return JsonResponse({"error": why}, status=BAD_REQUEST)
        context = self.get_context_data(refusal=why, report=None)
        return self.render_to_response(context, status=BAD_REQUEST)


class ReadershipView(Numbers):
    """The paper's numbers: now, today, 30 days or days of one's choice; by section, by author."""

    template_name = "desk/readership/paper.html"
    live_template = "desk/readership/paper_numbers.html"
    page_title = "Readership"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Home, then here."""
        return [*self.breadcrumbs_items, {"url": "", "label": "Readership"}]

    def ask(self) -> dict[str, Any]:
        """The numbers of the paper, a section or an author."""
        self.question = paper_question(self.request.GET, self.access, self.now)
        return {
            **self.shared(report(self.question)),
            "question": self.question,
            "suspicions": self._suspicions(),
        }

    def _suspicions(self) -> list[Suspicion]:
        scope = self.question.scope
        if scope is Scope.AUTHOR:
            return []
        sections = self.question.scope_ids if scope is Scope.SECTION else None
        return open_suspicions(self.access, sections)

    def described(self, context: dict[str, Any]) -> dict[str, Any]:
        """Whose numbers these are."""
        return {
            "of": self.question.scope.value,
            "id": self.question.scope_id or None,
            "name": self.question.name or None,
        }

    def file_name(self, told: Report | StoryReport) -> str:
        """Of whom, and of when."""
        of = f"-{self.question.scope.value}-{self.question.scope_id}"
        named = of if self.question.scope_id else ""
        return f"readership{named}-{_days_of(told)}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What stands around the numbers."""
        return super().get_context_data(
            spans=SPANS, places=self.access.places, base_url=self.request.path, **kwargs
        )


class StoryReadershipView(Numbers):
    """A story's numbers, with its update log on the curve."""

    template_name = "desk/readership/story.html"
    live_template = "desk/readership/story_numbers.html"
    page_title = "Readership"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the story."""
        self.article = Article.objects.filter(pk=kwargs["page_id"]).first()
        if self.article is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Home, the paper's numbers, then here."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("desk_readership"), "label": "Readership"},
            {"url": "", "label": self.article.headline},
        ]

    def ask(self) -> dict[str, Any]:
        """The numbers of the story."""
        span = read_span(self.request.GET, self.now, self.article.moment)
        return {
            **self.shared(story_report(self.article, span)),
            "article": self.article,
            "suspicions": suspicions_of(self.article.pk, self.access),
        }

    def described(self, context: dict[str, Any]) -> dict[str, Any]:
        """Whose numbers these are."""
        return {"of": "story", "id": self.article.pk, "name": self.article.headline}

    def file_name(self, told: Report | StoryReport) -> str:
        """Of which story, and of when."""
        return f"readership-story-{self.article.pk}-{_days_of(told)}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What stands around the numbers."""
        entry = NewsListEntry.objects.filter(pk=self.article.pk).first()
        may_edit = entry is not None and self.access.may_edit(entry.section_id, entry.owner_id)
        edit_url = reverse("wagtailadmin_pages:edit", args=[self.article.pk]) if may_edit else ""
        spans = (("first", "First 3 days"), ("since", "Since published"), *SPANS)
        return super().get_context_data(
            spans=spans,
            base_url=self.request.path,
            article=self.article,
            edit_url=edit_url,
            **{name: value for name, value in kwargs.items() if name != "article"},
        )


class SettleView(View):
    """An editor has looked at a story's suspect hours, and may say what they were."""

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        """Settle the open ones; they stay on the story's page with who settled them."""
        access = access_of(request)
        entry = NewsListEntry.objects.filter(pk=page_id).first()
        if not access.is_journalist or not may_settle(entry, access):
            raise PermissionDenied
        note = " ".join(request.POST.get("note", "").split())
        settled = spikes.settle(page_id, request.user.get_username(), note)
        hours = f"{settled} hour{'' if settled == 1 else 's'}"
        headline = entry.headline if entry else f"Story {page_id}"
        messages.success(request, f"Settled: {hours} of “{headline}”. No count was changed.")
        if request.POST.get("from") == "story" and entry:
            return redirect("desk_readership_story", page_id=page_id)
        return redirect("desk_readership")


def _format(asked: str) -> str:
    if asked not in FORMATS:
        raise BadQuestion(f"“{asked[:40]}” is no format. There are json and csv.")
    return asked


def _days_of(told: Report | StoryReport) -> str:
    first, last = told.span.first_day, told.span.last_day
    return first.isoformat() if first == last else f"{first.isoformat()}-to-{last.isoformat()}"


def _as_file(answer: HttpResponse, name: str) -> HttpResponse:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
