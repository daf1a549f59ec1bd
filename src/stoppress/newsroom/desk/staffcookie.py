"""The cookie that tells views by staff apart: it stands while its bearer is logged in at the desk.

The session's cookie is confined to the desk's addresses, so that readers' pages never depend on who
asks. The journal's door is outside them and asks only this: is it staff? The cookie says no more.
Whoever forges it takes their own views out of the count and gains nothing, so it is not signed.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from stoppress.edge.reads import STAFF_COOKIE


class StaffCookie:
    """Bring the cookie in line with the session on every answer of the desk.

    So it does not matter how somebody logged in or out, nor whether their session ran out. Place it
    after Django's AuthenticationMiddleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; only the desk's answers carry the cookie, and none of them is ever stored."""
        response = self.get_response(request)
        if not request.path.startswith(settings.DESK_PREFIX):
            return response
        if request.user.is_authenticated:
            if STAFF_COOKIE not in request.COOKIES or request.session.modified:
                _set(request, response)
        elif STAFF_COOKIE in request.COOKIES:
            response.delete_cookie(STAFF_COOKIE, samesite="Lax")
        return response


def _set(request: HttpRequest, response: HttpResponseBase) -> None:
    session = request.session
    response.set_cookie(
        STAFF_COOKIE,
        "1",
        max_age=None if session.get_expire_at_browser_close() else session.get_expiry_age(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
