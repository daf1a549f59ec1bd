"""Alarms for outer caches that can't be purged: a row at the desk until one purge succeeds."""

import structlog
from django.db import Error as DatabaseFault
from django.db import connection
from django.utils import timezone

from stoppress.press.errors import PurgeFailed
from stoppress.press.models import PrintAlarm

ALARMING_TRIES = 3  # of what is not taken down; a takedown that fails alarms at once

log = structlog.get_logger("press.purging")


class PurgeAlarm:
    """The alarm of one cache on one node."""

    def __init__(self, node: str, cache: str) -> None:
        self._node = node
        self._path = f"outer cache {cache}"
        self._is_raised = False

    def note(self, error: PurgeFailed, *, tries: int, is_hard: bool) -> None:
        """Log a failure; tell the desk if it matters."""
        log.error("purge failed", path=self._path, tries=tries, is_takedown=is_hard, why=str(error))
        if not is_hard and tries < ALARMING_TRIES:
            return
        now = timezone.now()
        values = {"why": str(error)[:2000], "tries": tries, "last_at": now}
        try:
            PrintAlarm.objects.update_or_create(
                node=self._node,
                path=self._path,
                defaults=values,
                create_defaults={**values, "first_at": now},
            )
            self._is_raised = True
        except DatabaseFault as fault:  # it is tried again with the next failure
            log.warning("an alarm could not be raised", why=str(fault))
        finally:
            connection.close()

    def clear(self) -> None:
        """Take the alarm back."""
        if not self._is_raised:
            return
        try:
            PrintAlarm.objects.filter(node=self._node, path=self._path).delete()
            self._is_raised = False
        except DatabaseFault as fault:  # it is tried again with the next success
            log.warning("an alarm could not be taken back", why=str(fault))
        finally:
            connection.close()
