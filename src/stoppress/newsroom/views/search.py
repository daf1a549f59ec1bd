"""Searching. Private: the answer belongs to one reader's words and is never stored."""

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from stoppress.newsroom import search as index
from stoppress.newsroom.head import bare_head
from stoppress.newsroom.messages import message
from stoppress.newsroom.models import Article
from stoppress.newsroom.reading.cards import read_cards
from stoppress.newsroom.reading.paper import Tree, read_paper, read_tree
from stoppress.newsroom.text import fault_in
from stoppress.theme import render
from stoppress.theme.shapes import Choice, NoticePage, SearchPage
from stoppress.theme.words import words_for

URL = "/search/"
PAGES_MAX = 500


@dataclass(slots=True)
class Asked:
    """What a reader asked for, as text, and what it comes to."""

    query: str
    section: str
    kind: str
    since: str
    until: str
    page: int = 1
    filters: index.Filters = field(default_factory=index.Filters)
    faults: list[str] = field(default_factory=list)

    @property
    def is_anything(self) -> bool:
        """Whether there is something to look for."""
        return bool(self.query.strip() or self.section or self.kind or self.since or self.until)


def search(request: HttpRequest) -> HttpResponse:
    """Show the search form with its answer, or with a sentence on what could not be read."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    tree = read_tree()
    asked = _asked(request, tree)
    hits = index.Hits((), 0)
    if asked.is_anything and not asked.faults:
        hits = index.find(asked.query, asked.filters, asked.page)
    paper = read_paper(tree)
    response = HttpResponse(
        render(
            "pages/search.html",
            paper=paper,
            head=bare_head(words_for(paper.language).text("search"), paper),
            page=_page(asked, hits, tree),
        ),
        status=400 if asked.faults else 200,
    )
    response["Cache-Control"] = "private, no-store"
    return response


def search_elsewhere(request: HttpRequest) -> HttpResponse:
    """Say that these pages are files, which can't be searched."""
    paper = read_paper()
    page = NoticePage(words_for(paper.language).text("search"), message("search_elsewhere"))
    head = bare_head(page.title, paper)
    return HttpResponse(render("pages/notice.html", paper=paper, head=head, page=page))


def _asked(request: HttpRequest, tree: Tree) -> Asked:
    got = request.GET
    asked = Asked(
        query=got.get("q", ""),
        section=got.get("section", "").strip("/"),
        kind=got.get("kind", ""),
        since=got.get("since", ""),
        until=got.get("until", ""),
    )
    _check_query(asked)
    since, until = _day(asked, asked.since), _day(asked, asked.until)
    if since and until and since > until:
        asked.faults.append(message("dates_reversed", since=since, until=until))
    asked.filters = index.Filters(
        section_ids=_sections(asked, tree), kinds=_kinds(asked), since=since, until=until
    )
    asked.page = _page_number(asked, got.get("page", "1"))
    return asked


def _check_query(asked: Asked) -> None:
    query = asked.query
    if len(query) > index.QUERY_MAX_CHARACTERS:
        limit = index.QUERY_MAX_CHARACTERS
        asked.faults.append(message("query_too_long", count=len(query), limit=limit))
        asked.query = ""
    elif fault := fault_in(query, allowed=frozenset("\t")):
        asked.faults.append(message("query_fault", fault=fault))
        asked.query = ""
    elif query.strip() and not index.query_terms(query):
        asked.faults.append(message("query_unsearchable", query=query.strip()))


def _sections(asked: Asked, tree: Tree) -> tuple[int, ...]:
    if not asked.section:
        return ()
    chosen = next((n.id for n in tree.values() if n.url.strip("/") == asked.section), None)
    if chosen is None:
        asked.faults.append(message("no_such_section", value=_short(asked.section)))
        return ()
    return (chosen, *(node.id for node in tree.values() if chosen in node.outer))


def _kinds(asked: Asked) -> tuple[str, ...]:
    if asked.kind and asked.kind not in Article.Kind.values:
        asked.faults.append(message("no_such_kind", value=_short(asked.kind)))
        return ()
    return (asked.kind,) if asked.kind else ()


def _day(asked: Asked, text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        asked.faults.append(message("bad_date", value=_short(text)))
        return None


def _page_number(asked: Asked, text: str) -> int:
    if text.isdecimal() and len(text) < 5 and 1 <= int(text) <= PAGES_MAX:
        return int(text)
    asked.faults.append(message("no_such_page", value=_short(text)))
    return 1


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def _field(day: date | None) -> str:
    """What a date field can hold; the fault names what it cannot."""
    return day.isoformat() if day else ""


def _page(asked: Asked, hits: index.Hits, tree: Tree) -> SearchPage:
    shown_to = asked.page * index.RESULTS_A_PAGE
    has_next = hits.total > shown_to and asked.page < PAGES_MAX
    words = words_for(read_paper(tree).language)
    kinds = words.mapping("kinds")
    return SearchPage(
        query=asked.query,
        sections=tuple(
            Choice(value, node.name, value == asked.section)
            for node in tree.values()
            if node.is_live and (value := node.url.strip("/"))
        ),
        kinds=tuple(
            Choice(value, kinds[value], value == asked.kind) for value in Article.Kind.values
        ),
        since=_field(asked.filters.since),
        until=_field(asked.filters.until),
        cards=tuple(read_cards(hits.article_ids, tree).values()),
        total=hits.total,
        page=asked.page,
        previous_url=_url(asked, asked.page - 1) if asked.page > 1 and not asked.faults else "",
        next_url=_url(asked, asked.page + 1) if has_next else "",
        error=" ".join(asked.faults),
    )


def _url(asked: Asked, page: int) -> str:
    values = {
        "q": asked.query,
        "section": asked.section,
        "kind": asked.kind,
        "since": asked.since,
        "until": asked.until,
        "page": str(page) if page > 1 else "",
    }
    return f"{URL}?{urlencode({name: value for name, value in values.items() if value})}"
