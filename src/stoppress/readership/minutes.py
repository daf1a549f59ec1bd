"""Minutes: what reached the totals lately, for a look at the last half hour.

They are by arrival: what a node could not ship for a while comes in one minute. What was counted in
an hour long over is left out. Nothing that must be right for good is told from them.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from stoppress.readership.models import ArticleMinute

KEPT = timedelta(hours=3)


def forget_old(now: datetime | None = None) -> int:
    """Drop the minutes that nobody asks for any more; return how many rows."""
    before = (now or timezone.now()) - KEPT
    return ArticleMinute.objects.filter(minute__lt=before).delete()[0]
