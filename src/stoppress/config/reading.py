"""Reading a newsroom's settings: the environment first, then stoppress.toml, then the default.

Everything wrong is said at once, each fault with the setting's name, the value, where it came from
and what to give instead. A name that no setting has is a fault too: a misspelt setting that is
silently ignored would be found out in production.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from stoppress.config import options as declared
from stoppress.config.errors import (
    ConfigurationError,
    Faults,
    UnfitValue,
    UnknownSetting,
    UnreadableFile,
)
from stoppress.config.kinds import Unfit
from stoppress.config.options import HOME_VARIABLE, PREFIX, SETTINGS, Options, Setting

T = TypeVar("T")

FILE_NAME = "stoppress.toml"
SHOWN_CHARACTERS = 60
OTHER_VARIABLES = {  # STOPPRESS_ names that are no settings
    HOME_VARIABLE,
    "STOPPRESS_SUPERVISED",  # from the supervisor to all its children
    "STOPPRESS_PROCESS",  # the name of this process in its logs
}


def home_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """The newsroom's folder: STOPPRESS_HOME, or the current folder."""
    return Path(environ.get(HOME_VARIABLE) or Path.cwd()).expanduser().resolve()


def is_newsroom(home: Path) -> bool:
    """Has `stoppress init` made a newsroom of this folder?"""
    return (home / FILE_NAME).is_file()


def read_options(home: Path, environ: Mapping[str, str] = os.environ) -> Options:
    """All settings of the newsroom in `home`. Raises ConfigurationError."""
    source = _file_text(home / FILE_NAME)
    in_file = _parse(home / FILE_NAME, source)
    faults: list[ConfigurationError] = [*_unknown_in_file(home, source, in_file)]
    faults += _unknown_in_environment(environ)
    values: dict[str, object] = {}
    origins: dict[str, str] = {}
    for setting in SETTINGS:
        raw, origin = _raw_value(setting, home, source, in_file, environ)
        origins[setting.name] = origin
        try:
            values[setting.name] = fit_value(setting, raw, home, origin)
        except UnfitValue as fault:
            faults.append(fault)
    if faults:
        raise faults[0] if len(faults) == 1 else Faults(faults)
    return Options(home, values, origins)


def fit_value(setting: Setting[T], raw: object, home: Path, origin: str = "the command line") -> T:
    """The value that `raw` stands for. Raises UnfitValue, naming the setting and the origin."""
    try:
        return setting.kind.read(raw, home)
    except Unfit as reason:
        raise _unfit(setting, raw, origin, reason) from None


def _file_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{file} is not UTF-8 text. Save it as UTF-8.") from error
    except OSError as error:
        raise UnreadableFile(
            f"{file} can't be read: {error.strerror}. Make it readable for the user that runs "
            "stoppress."
        ) from error


def _parse(file: Path, source: str) -> dict[str, object]:
    try:
        return tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableFile(
            f"{file} is not valid TOML: {error}. A line looks like: paper_name = "
            '"The Daily" (text in quotes, numbers without).'
        ) from error


def _unknown_in_file(
    home: Path, source: str, in_file: Mapping[str, object]
) -> list[ConfigurationError]:
    keys = [setting.key for setting in SETTINGS]
    return [
        UnknownSetting(
            f"{_place(home, source, key)} sets “{key}”, which is no setting.{_suggest(key, keys)}"
        )
        for key in in_file
        if key not in keys
    ]


def _unknown_in_environment(environ: Mapping[str, str]) -> list[ConfigurationError]:
    names = [setting.name for setting in SETTINGS]
    return [
        UnknownSetting(f"The environment sets {name}, which is no setting.{_suggest(name, names)}")
        for name in sorted(environ)
        if name.startswith(PREFIX) and name not in names and name not in OTHER_VARIABLES
    ]


def _suggest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name.lower().replace("-", "_"), [k.lower() for k in known], 1)
    if near:
        meant = next(k for k in known if k.lower() == near[0])
        return f" Did you mean {meant}?"
    return " Remove it; the settings are listed in docs/reference/settings.md."


def _raw_value(
    setting: Setting[object],
    home: Path,
    source: str,
    in_file: Mapping[str, object],
    environ: Mapping[str, str],
) -> tuple[object, str]:
    if setting.name in environ:
        return environ[setting.name], "the environment"
    if setting.key in in_file:
        return in_file[setting.key], _place(home, source, setting.key)
    return setting.default, "the default"


def _place(home: Path, source: str, key: str) -> str:
    for number, line in enumerate(source.splitlines(), start=1):
        if re.match(rf"""\s*\[?["']?{re.escape(key)}["']?\s*[=.\]]""", line):
            return f"{home / FILE_NAME}, line {number}"
    return str(home / FILE_NAME)


def _unfit(setting: Setting[T], raw: object, origin: str, reason: Exception) -> UnfitValue:
    return UnfitValue(
        f"{setting.name} is {_shown(setting, raw)} (from {origin}), which {reason}. "
        f"Give {setting.kind.wanted}."
    )


def _shown(setting: Setting[T], raw: object) -> str:
    if setting.kind.is_secret and (not isinstance(raw, str) or "{" in raw):
        return "not shown, having secrets in it"
    value = hide_password(str(raw)) if setting.kind.is_secret else str(raw)
    value = value.encode("unicode_escape").decode() if not value.isprintable() else value
    if len(value) > SHOWN_CHARACTERS:
        value = value[:SHOWN_CHARACTERS] + "…"
    return f"“{value}”" if isinstance(raw, str) else value


def hide_password(address: str) -> str:
    """The address with stars for its password, fit for screens and logs."""
    return re.sub(r"(://[^:/@\s]*):.*@", r"\1:***@", address)


def origin_host(options: Options) -> str:
    """The host name of the paper's origin."""
    return urlsplit(options[declared.ORIGIN]).hostname or ""
