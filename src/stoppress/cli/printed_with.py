"""What all pages are printed with (settings, theme), and telling the press when it changed.

The paper's name or the theme is in every edition, but changes outside the database: by an edited
file, or by a new version. Each start compares; a difference is a change like any other.
"""

import hashlib
import json
from pathlib import Path

from django.conf import settings

from stoppress import __version__
from stoppress.cli import statics
from stoppress.config import options as declared
from stoppress.config.options import Options

FILE_NAME = "printed-with.json"
ON_EVERY_PAGE = (
    declared.PAPER_NAME,
    declared.PAPER_TAGLINE,
    declared.ORIGIN,
    declared.TIME_ZONE,
    declared.LANGUAGE,
)


def tell_the_press(options: Options) -> None:
    """Write a change if settings or theme differ from those of the last start."""
    file = Path(settings.DATA_DIR) / FILE_NAME
    now = {"epoch:settings": _settings(options), "epoch:theme": _theme()}
    before = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    differing = [tag for tag in now if before.get(tag) != now[tag]]
    if not differing:
        return
    from stoppress.press.changes import changing

    with changing("start with other settings or another version") as change:
        change.touch(*differing)
    file.write_text(json.dumps(now, indent=1), encoding="utf-8")


def _settings(options: Options) -> dict[str, str]:
    return {setting.name: options[setting] for setting in ON_EVERY_PAGE}


def _theme() -> str:
    templates = Path(__file__).parent.parent / "theme" / "templates"
    digest = hashlib.sha256(f"{__version__} {statics.fingerprint()}".encode())
    for file in sorted(templates.rglob("*")):
        if file.is_file():
            digest.update(file.read_bytes())
    return digest.hexdigest()
