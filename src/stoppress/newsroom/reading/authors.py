"""An author's page, and which author an address leads to."""

from stoppress.newsroom import tags
from stoppress.newsroom.addresses import Found
from stoppress.newsroom.models import Author, FormerAuthorSlug
from stoppress.newsroom.reading.cards import read_cards
from stoppress.newsroom.reading.lists import PAGE_CARDS, ListOf, read_months, read_newest
from stoppress.newsroom.reading.markup import expand, linked_pages
from stoppress.newsroom.reading.paper import Tree
from stoppress.newsroom.reading.pictures import read_pictures
from stoppress.press.recording import record
from stoppress.press.sharing import reads_once
from stoppress.theme import shapes


@reads_once
def read_author_address(slug: str) -> Found | None:
    """Which author has this slug, or had it; None if none ever had."""
    id_ = Author.objects.filter(slug=slug).values_list("pk", flat=True).first()
    if id_ is not None:
        record(tags.author(id_))
        return Found(id_, author_url(slug), is_current=True)
    former = FormerAuthorSlug.objects.filter(slug=slug).first()
    record(tags.ALL_AUTHORS)
    if former is None:
        return None
    current = Author.objects.filter(pk=former.author_id).values_list("slug", flat=True).first()
    record(tags.author(former.author_id))
    return Found(former.author_id, author_url(current) if current else "", is_current=False)


@reads_once
def read_author(author_id: int, tree: Tree) -> shapes.AuthorPage | None:
    """An author with their newest stories; None if there is none of that id."""
    record(tags.author(author_id))
    author = Author.objects.filter(pk=author_id).first()
    if author is None:
        return None
    of = ListOf((tags.author_list(author.pk),), author_url(author.slug))
    portraits = read_pictures([author.portrait_id] if author.portrait_id else [])
    person = shapes.Person(author.name, of.url, author.role, portraits.get(author.portrait_id or 0))
    linked = linked_pages([author.biography])
    urls = {id_: card.url for id_, card in read_cards(linked, tree).items()}
    urls |= {id_: tree[id_].url for id_ in linked if id_ in tree}
    return shapes.AuthorPage(
        person=person,
        biography_html=expand(author.biography, urls),
        email=author.email,
        cards=read_newest(of.lists, PAGE_CARDS, tree),
        months=read_months(of),
    )


def author_url(slug: str) -> str:
    """Where an author's page stands."""
    return f"/authors/{slug}/"
