"""A hand for the tiny paper: `python -m tests.press.hand SETTINGS FD FD`, with settings as JSON.

A headline says what is to go wrong: "hang" never ends, whatever the alarm; "die" ends the process;
"swell" keeps more memory than a hand may.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

SPARE_KB = 32 * 1024  # more than printing takes


def main() -> None:
    import tests.home  # noqa: F401 - before Django reads its settings

    os.environ["DJANGO_SETTINGS_MODULE"] = "stoppress.config.settings"
    import django
    from django.conf import settings
    from django.db import connections

    chosen: dict[str, Any] = json.loads(sys.argv[1])
    declared: dict[str, Any] = chosen.pop("DATABASE")
    django.setup()
    for name, value in chosen.items():
        setattr(settings, name, Path(value) if name.endswith("_DIR") else value)
    connections.settings["default"].update(declared)
    connections["default"] = connections.create_connection("default")
    misbehave()

    from stoppress.press import hand

    hand.serve(*map(int, sys.argv[2:]))


def misbehave() -> None:
    from stoppress.press import hand, limits
    from tests.press import paper as tiny

    find = tiny.find_story
    kept: list[bytes] = []
    hand.MOST_MEMORY_KB = hand.memory_kb() + SPARE_KB
    limits.RENDER_SECONDS = 0.5

    def find_or(pk: int) -> Any:
        story = find(pk)
        if story is not None and "hang" in story.headline:
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
            signal.pause()
        if story is not None and "die" in story.headline:
            os.kill(os.getpid(), signal.SIGKILL)
        if story is not None and "swell" in story.headline:
            kept.append(b"\1" * (SPARE_KB * 1024))
        return story

    tiny.find_story = find_or  # type: ignore[assignment]


if __name__ == "__main__":
    main()
