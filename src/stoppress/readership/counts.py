"""Printed counts: the numbers that stand in pages, moved by rule and only with a change.

A page is a function of the database, so the count in it can't be the live one: it would be printed
again with every reader. The stored count follows the total when that has grown by a tenth (at least
by one), but not within ten minutes of its last move. Scripts show the live number on top of it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from stoppress.press.changes import changing
from stoppress.readership import totals
from stoppress.readership.models import CountToCheck, PrintedCount

GROWTH_PERCENT = 10
REST = timedelta(minutes=10)
AT_ONCE = 500


def printed_views(article_ids: Iterable[int]) -> dict[int, int]:
    """Return the count each article's page shows; 0 if nothing was counted yet.

    One SELECT, for the newsroom's @reads functions; the page depends on `article:<id>`.
    """
    found = dict.fromkeys(article_ids, 0)
    rows = PrintedCount.objects.filter(article_id__in=list(found))
    found.update(rows.values_list("article_id", "views"))
    return found


def has_grown(printed: int, total: int) -> bool:
    """Tell whether a total is far enough above the printed count to print it again.

    A total below it (a corrected opening balance) is printed as well.
    """
    return total < printed or total * 100 >= max(
        printed * (100 + GROWTH_PERCENT), printed * 100 + 1
    )


def refresh_printed_counts(now: datetime | None = None) -> list[int]:
    """Move the printed counts that the rule lets move; return whose."""
    now = now or timezone.now()
    resting = PrintedCount.objects.filter(printed_at__gt=now - REST).values("article_id")
    due = CountToCheck.objects.exclude(article_id__in=resting).order_by("article_id")
    ids = list(due.values_list("article_id", flat=True)[:AT_ONCE])
    if not ids:
        return []
    printed, counted = printed_views(ids), totals.views_of(ids)
    grown = [article for article in ids if has_grown(printed[article], counted[article])]
    with changing("printed counts") as change:
        CountToCheck.objects.filter(article_id__in=ids).delete()
        for article in grown:
            _print(article, counted[article], now)
            change.touch(f"article:{article}")
    return grown


def print_count_now(article_id: int) -> None:
    """Let an article's page show its total at once, as after a new opening balance."""
    with changing(f"count of article {article_id}") as change:
        _print(article_id, totals.views(article_id), timezone.now())
        change.touch(f"article:{article_id}")


def _print(article_id: int, views: int, now: datetime) -> None:
    PrintedCount.objects.update_or_create(
        article_id=article_id, defaults={"views": views, "printed_at": now}
    )
