"""The desk runs on the paper's time: what an editor types into a schedule is meant in it.

Wagtail shows and reads times in the zone of each user's profile and knows no other default than
UTC. So every login puts the paper's zone into the profile; WAGTAIL_USER_TIME_ZONES leaves no other
to choose, for a page's address carries its date and two editors must not disagree about "today".
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from wagtail.users.models import UserProfile


def set_zone(sender: Any, user: Any, **kwargs: Any) -> None:
    """Put a user who logs in on the paper's time."""
    profile = UserProfile.get_for_user(user)
    if profile.current_time_zone != settings.PAPER_TIME_ZONE:
        profile.current_time_zone = settings.PAPER_TIME_ZONE
        profile.save(update_fields=["current_time_zone"])


def connect() -> None:
    """Listen to logins."""
    user_logged_in.connect(set_zone, dispatch_uid="desk.clock")
