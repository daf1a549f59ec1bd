"""The business acts of the newsroom, each in one place, whoever asks.

The desk, the schedule, wires, the demo and the API all come through here (Wagtail's own ways lead
here too: see `models.sections.PressPage`). Each act is one change with exactly the tags it touched.
"""

from stoppress.newsroom.actions.create import (
    create_article,
    create_author,
    create_section,
    ensure_front,
    get_section,
)
from stoppress.newsroom.actions.delete import delete
from stoppress.newsroom.actions.kill import kill, lift_kill
from stoppress.newsroom.actions.move import move
from stoppress.newsroom.actions.pictures import create_picture
from stoppress.newsroom.actions.privacy import lift_restrictions, restrict
from stoppress.newsroom.actions.publish import publish, publish_section
from stoppress.newsroom.actions.publish_new import publish_new
from stoppress.newsroom.actions.unpublish import unpublish

__all__ = [
    "create_article",
    "create_author",
    "create_picture",
    "create_section",
    "delete",
    "ensure_front",
    "get_section",
    "kill",
    "lift_kill",
    "lift_restrictions",
    "move",
    "publish",
    "publish_new",
    "publish_section",
    "restrict",
    "unpublish",
]
