"""Everything journalists edit, and the tables that decide what readers see of it."""

from stoppress.newsroom.models.addresses import ArticleAddress, FormerAuthorSlug, SectionPath
from stoppress.newsroom.models.articles import (
    Article,
    ArticleByline,
    ArticlePicture,
    UpdateEntry,
)
from stoppress.newsroom.models.authors import Author
from stoppress.newsroom.models.listings import Listing, ListingMonth
from stoppress.newsroom.models.mostread import MostRead
from stoppress.newsroom.models.pictures import Picture, Rendition
from stoppress.newsroom.models.precision import Precision
from stoppress.newsroom.models.sections import Front, FrontSlot, Section
from stoppress.newsroom.models.topics import Topic

__all__ = [
    "Article",
    "ArticleAddress",
    "ArticleByline",
    "ArticlePicture",
    "Author",
    "FormerAuthorSlug",
    "Front",
    "FrontSlot",
    "Listing",
    "ListingMonth",
    "MostRead",
    "Picture",
    "Precision",
    "Rendition",
    "Section",
    "SectionPath",
    "Topic",
    "UpdateEntry",
]
