"""What decides where a story stands, read once for all that write its standing."""

from dataclasses import dataclass

from stoppress.newsroom.models import Article, ArticleByline, Author, Topic


@dataclass(frozen=True, slots=True)
class PlacedStory:
    """A live story with its section's path, and its authors and topics in their order."""

    article: Article
    section_path: str
    authors: tuple[Author, ...]
    topics: tuple[Topic, ...]

    @property
    def names(self) -> list[str]:
        """The names and subjects by which readers search for it."""
        return [str(named) for named in (*self.authors, *self.topics)]


def placed(article: Article, section_path: str) -> PlacedStory:
    """A saved story as it is to stand in a section."""
    byline = ArticleByline.objects.filter(article=article.pk).select_related("author")
    authors = [entry.author for entry in byline.order_by("sort_order", "pk")]
    return PlacedStory(article, section_path, tuple(authors), tuple(article.topics.all()))
