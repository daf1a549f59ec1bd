"""Readers' addresses. Fixed ones first: sections have free paths, but none of the fixed words."""

from django.urls import path, register_converter

from stoppress.newsroom.views.articles import article
from stoppress.newsroom.views.corrections import corrections, corrections_month
from stoppress.newsroom.views.latest import latest, rail
from stoppress.newsroom.views.people import author, author_month, topic
from stoppress.newsroom.views.search import search
from stoppress.newsroom.views.sections import front, paper_month, section, section_month


class FourDigits:
    """A year."""

    regex = "[1-9][0-9]{3}"

    def to_python(self, value: str) -> int:
        """The number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Its digits."""
        return f"{value:04d}"


class TwoDigits(FourDigits):
    """A month or a day."""

    regex = "[0-3][0-9]"

    def to_url(self, value: int) -> str:
        """Its digits."""
        return f"{value:02d}"


class SectionWords(FourDigits):
    """A section's path: words of which none is a number."""

    regex = r"(?:(?![0-9]+/)[^/]+/)*(?![0-9]+/)[^/]+"

    def to_python(self, value: str) -> str:  # type: ignore[override]
        """The path."""
        return value

    def to_url(self, value: str) -> str:  # type: ignore[override]
        """The path."""
        return value


register_converter(FourDigits, "yyyy")
register_converter(TwoDigits, "mm")
register_converter(SectionWords, "section")

urlpatterns = [
    path("", front, name="front"),
    path("latest/", latest, name="latest"),
    path("-/parts/latest/", rail, name="rail"),
    path("search/", search, name="search"),
    path("corrections/", corrections, name="corrections"),
    path("corrections/<yyyy:year>/<mm:month>/", corrections_month, name="corrections-month"),
    path("authors/<str:slug>/", author, name="author"),
    path("authors/<str:slug>/<yyyy:year>/<mm:month>/", author_month, name="author-month"),
    path("topics/<str:slug>/", topic, name="topic"),
    path("<yyyy:year>/<mm:month>/", paper_month, name="month"),
    path("<section:path>/<yyyy:year>/<mm:month>/<mm:day>/<str:slug>/", article, name="article"),
    path("<section:path>/<yyyy:year>/<mm:month>/", section_month, name="section-month"),
    path("<section:path>/", section, name="section"),
]
