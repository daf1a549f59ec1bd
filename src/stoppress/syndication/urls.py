"""Addresses of what leaves: feeds, sitemaps, robots.txt. Included before the newsroom's."""

from django.urls import path

from stoppress.newsroom import converters  # noqa: F401 - registers what the patterns use
from stoppress.syndication import views

urlpatterns = [
    path("feed/", views.paper_feed, name="feed"),
    path("feed/full/", views.paper_feed, {"full": True}, name="full-feed"),
    path("authors/<str:slug>/feed/", views.author_feed, name="author-feed"),
    path("authors/<str:slug>/feed/full/", views.author_feed, {"full": True}),
    path("sitemap.xml", views.sitemap_index, name="sitemap"),
    path("sitemap/pages.xml", views.pages_sitemap, name="pages-sitemap"),
    path("sitemap/<yyyy:year>-<mm:month>-<mm:day>.xml", views.day_sitemap, name="day-sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("<section:path>/feed/", views.section_feed, name="section-feed"),
    path("<section:path>/feed/full/", views.section_feed, {"full": True}),
]
