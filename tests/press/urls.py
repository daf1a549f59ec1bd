"""The tiny paper's addresses."""

from django.urls import path

from tests.press import paper

urlpatterns = [
    path("", paper.front),
    path("-/parts/latest/", paper.latest),
    path("forgetful/", paper.forgetful),
    path("greedy/", paper.greedy),
    path("reserved/", paper.reserved),
    path("curious/", paper.curious),
    path("scribbling/", paper.scribbling),
    path("desk/", paper.private),
    path("<str:section>/", paper.section_page),
    path("<str:section>/<int:pk>/", paper.article),
]
handler404 = "stoppress.press.editions.not_found"
