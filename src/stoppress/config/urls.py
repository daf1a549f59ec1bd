"""Every address the app answers. Readers' pages come last: sections have free paths."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path(settings.DESK_PREFIX.lstrip("/"), include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    *(
        path("", include(module))
        for module in ("stoppress.syndication.urls", "stoppress.newsroom.urls")
        if find_spec(module)
    ),
]

handler404 = "stoppress.press.editions.not_found"
handler500 = "stoppress.newsroom.views.errors.broken"
