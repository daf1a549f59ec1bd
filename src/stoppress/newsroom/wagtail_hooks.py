"""What the newsroom itself tells Wagtail; all else of the desk is told by the desk."""

from typing import Any

from wagtail import hooks
from wagtail.log_actions import LogFormatter

from stoppress.newsroom.schedule import FAILED


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    """An act of the schedule that failed stands in the story's history with its reason."""

    @actions.register_action(FAILED)
    class ScheduleFailed(LogFormatter):
        label = "Scheduled act failed"

        def format_message(self, entry: Any) -> str:
            return f"The schedule could not be carried out: {entry.data.get('reason', '')}"
