"""An article's page, and where its former addresses lead."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from stoppress.newsroom.head import article_head
from stoppress.newsroom.reading.addresses import read_address
from stoppress.newsroom.reading.articles import read_article
from stoppress.newsroom.reading.paper import read_paper, read_tree
from stoppress.newsroom.views.errors import gone
from stoppress.press.editions import public
from stoppress.theme import render

TEMPLATES = {"picture-story": "pages/picture_story.html"}


@public(rank=0)
def article(
    request: HttpRequest, path: str, year: int, month: int, day: int, slug: str
) -> HttpResponse:
    """Show a story at its address; lead from a former one; say so if it is gone."""
    found = read_address(path, year, month, day, slug)
    if found is None:
        raise Http404
    if not found.url:
        return gone(request)
    if not found.is_current:
        return HttpResponsePermanentRedirect(found.url)
    tree = read_tree()
    story = read_article(found.id, tree)
    if story is None:
        return gone(request)
    paper = read_paper(tree)
    template = TEMPLATES.get(story.page.card.kind, "pages/article.html")
    head = article_head(story, paper)
    return HttpResponse(render(template, paper=paper, head=head, page=story.page))
