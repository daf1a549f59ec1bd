"""Opening a newsroom: find its folder, read its settings, start Django in this process."""

import atexit
import gc
import logging
import os
from collections.abc import Mapping
from pathlib import Path

from stoppress.cli.errors import NotANewsroom
from stoppress.config.options import HOME_VARIABLE, PREFIX, Options
from stoppress.config.reading import home_folder, is_newsroom, read_options

SETTINGS_MODULE = "stoppress.config.settings"


def open_options() -> Options:
    """The current newsroom's settings. Raises NotANewsroom and ConfigurationError."""
    home = home_folder()
    if not is_newsroom(home):
        raise NotANewsroom(home)
    return read_options(home)


def open_newsroom(*, logs_all: bool = False) -> Options:
    """The current newsroom, with Django ready to use its database."""
    options = open_options()
    start_django(options.home, logs_all=logs_all)
    return options


def start_django(
    home: Path, chosen: Mapping[str, object] | None = None, *, logs_all: bool = False
) -> None:
    """Start Django for the newsroom in `home`, once in a process.

    `chosen` are settings (by their names in the file) of a newsroom that has no file yet.
    """
    os.environ[HOME_VARIABLE] = str(home)
    for key, value in (chosen or {}).items():
        os.environ.setdefault(PREFIX + key.upper(), str(value))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS_MODULE)
    import django

    # A sixth of the start would go into looking for cycles among what stays as long as the process.
    gc.disable()
    try:
        django.setup()
    finally:
        gc.enable()
    gc.freeze()  # nor need it be looked at later
    atexit.register(gc.freeze)  # else the interpreter spends a second on freeing it all at exit
    if not logs_all:  # who typed a command reads what it says, not what the parts log
        logging.getLogger().setLevel(logging.WARNING)
