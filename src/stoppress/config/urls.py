"""Every address the app answers. Readers' pages come last: sections have free paths."""

from django.conf import settings
from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path(settings.DESK_PREFIX.lstrip("/"), include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("stoppress.syndication.urls")),
    path("", include("stoppress.newsroom.urls")),
]

handler404 = "stoppress.newsroom.views.errors.not_found"
handler500 = "stoppress.newsroom.views.errors.broken"
