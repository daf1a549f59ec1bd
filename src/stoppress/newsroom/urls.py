"""Readers' addresses. Fixed ones first: sections have free paths, but none of the fixed words."""

from django.urls import path

from stoppress.newsroom import converters  # noqa: F401 - registers what the patterns use
from stoppress.newsroom.views.articles import article
from stoppress.newsroom.views.corrections import corrections, corrections_month
from stoppress.newsroom.views.errors import printed_not_found
from stoppress.newsroom.views.latest import latest, rail
from stoppress.newsroom.views.mostread import most_read, most_read_part, section_most_read
from stoppress.newsroom.views.people import author, author_day, author_month, topic
from stoppress.newsroom.views.search import search
from stoppress.newsroom.views.sections import (
    front,
    paper_day,
    paper_month,
    section,
    section_day,
    section_month,
)

urlpatterns = [
    path("", front, name="front"),
    path("latest/", latest, name="latest"),
    path("-/not-found/", printed_not_found, name="not-found"),
    path("-/parts/latest/", rail, name="rail"),
    path("-/parts/most-read/", most_read_part, name="most-read-part"),
    path("-/parts/most-read-<id:section_id>/", most_read_part, name="section-most-read-part"),
    path("-/most-read/<window:window>.json", most_read, name="most-read"),
    path("-/most-read/<section:path>/<window:window>.json", section_most_read),
    path("search/", search, name="search"),
    path("corrections/", corrections, name="corrections"),
    path("corrections/<yyyy:year>/<mm:month>/", corrections_month, name="corrections-month"),
    path("authors/<str:slug>/", author, name="author"),
    path("authors/<str:slug>/<yyyy:year>/<mm:month>/", author_month, name="author-month"),
    path("authors/<str:slug>/<yyyy:year>/<mm:month>/<mm:day>/", author_day, name="author-day"),
    path("topics/<str:slug>/", topic, name="topic"),
    path("<yyyy:year>/<mm:month>/", paper_month, name="month"),
    path("<yyyy:year>/<mm:month>/<mm:day>/", paper_day, name="day"),
    path("<section:path>/<yyyy:year>/<mm:month>/<mm:day>/<str:slug>/", article, name="article"),
    path("<section:path>/<yyyy:year>/<mm:month>/", section_month, name="section-month"),
    path("<section:path>/<yyyy:year>/<mm:month>/<mm:day>/", section_day, name="section-day"),
    path("<section:path>/", section, name="section"),
]
