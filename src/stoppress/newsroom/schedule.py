"""The schedule: what is to go live or to expire, carried out to the second by the clock.

Each is one of the newsroom's own acts, in a transaction of its own. One that fails is taken off the
schedule and noted in the story's history, so that it neither blocks the others nor is lost.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import structlog
from django.core.exceptions import ValidationError
from django.db.models import Min
from wagtail.log_actions import log as audit
from wagtail.models import Page, Revision

from stoppress.newsroom.errors import NewsroomError
from stoppress.press.changes import changing

log = structlog.get_logger("newsroom.schedule")

FAILED = "stoppress.schedule_failed"
Act = Literal["publish", "expire"]


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """One scheduled act. `id` is a revision's for a publish, a page's for an expiry."""

    at: datetime
    act: Act
    id: int


def due(now: datetime) -> list[Due]:
    """What is to be done by this moment, in its order."""
    publishing = Revision.page_revisions.filter(approved_go_live_at__lte=now)
    expiring = Page.objects.filter(live=True, expire_at__lte=now)
    found = [
        Due(at, "publish", id_) for id_, at in publishing.values_list("pk", "approved_go_live_at")
    ]
    found += [Due(at, "expire", id_) for id_, at in expiring.values_list("pk", "expire_at")]
    return sorted(found)


def _moments(rows: Any, field: str) -> list[tuple[datetime, int]]:
    return list(rows.values_list(field, "pk"))


def next_due() -> datetime | None:
    """When something is to be done next; in the past if it is late."""
    first = Revision.page_revisions.aggregate(at=Min("approved_go_live_at"))["at"]
    last = Page.objects.filter(live=True).aggregate(at=Min("expire_at"))["at"]
    return min((at for at in (first, last) if at is not None), default=None)


def carry_out_due(now: datetime) -> int:
    """Do all that is due; returns how much was done."""
    done = 0
    for task in due(now):
        try:
            _carry_out(task, now)
        except (NewsroomError, ValidationError) as error:
            why = "; ".join(getattr(error, "messages", [str(error)]))
            log.warning("scheduled act failed", act=task.act, id=task.id, why=why)
            _give_up(task, why)
        else:
            done += 1
    return done


def _carry_out(task: Due, now: datetime) -> None:
    with changing(f"scheduled {task.act} {task.id}"):
        if task.act == "publish":
            revisions = Revision.page_revisions.filter(pk=task.id, approved_go_live_at__lte=now)
            if revision := revisions.first():
                revision.publish(log_action="wagtail.publish.scheduled")
        elif page := Page.objects.filter(pk=task.id, live=True, expire_at__lte=now).first():
            page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _give_up(task: Due, why: str) -> None:
    if task.act == "publish":
        revision = Revision.page_revisions.get(pk=task.id)
        Revision.objects.filter(pk=task.id).update(approved_go_live_at=None)
        audit(instance=revision.content_object, action=FAILED, data={"reason": why})
    else:
        page = Page.objects.get(pk=task.id)
        Page.objects.filter(pk=task.id).update(expire_at=None)
        audit(instance=page.specific, action=FAILED, data={"reason": why})
