"""The stoppress.toml that a new newsroom begins with: all settings, explained, commented out."""

import json
import textwrap
from collections.abc import Mapping

from stoppress.config.options import GROUPS, Setting

WIDTH = 92
PREAMBLE = """\
# The settings of this newsroom. Lines that begin with # are the defaults: take the # away and
# change the value. A variable of the environment named STOPPRESS_ and the setting's name in
# capitals wins over this file. After a change: stoppress doctor, then start again.
"""


def starting_file(chosen: Mapping[str, object]) -> str:
    """The file's text, with the settings in `chosen` (by their names in the file) set."""
    parts = [PREAMBLE]
    for group in GROUPS:
        parts.append(f"\n# ---- {group.title} ----\n")
        parts += [_entry(setting, chosen) for setting in group.settings]
    return "".join(parts)


def _entry(setting: Setting[object], chosen: Mapping[str, object]) -> str:
    lines = textwrap.wrap(f"{setting.help} ({setting.kind.wanted})", WIDTH)
    comment = "".join(f"# {line}\n" for line in lines)
    if setting.key in chosen:
        return f"\n{comment}{setting.key} = {toml_value(chosen[setting.key])}\n"
    return f"\n{comment}# {setting.key} = {toml_value(setting.default)}\n"


def toml_value(value: object) -> str:
    """A value as TOML writes it; JSON's strings, numbers and lists are TOML's too."""
    return json.dumps(value, ensure_ascii=False)
