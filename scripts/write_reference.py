"""Write docs/reference/settings.md and commands.md from the code that they describe.

Run by `make docs`; tests/docs compares, so a setting or command can't go undocumented.
"""

import inspect
from collections.abc import Iterator
from pathlib import Path

import click

from stoppress.cli.main import main as stoppress
from stoppress.config.options import GROUPS, Setting
from stoppress.config.starting_file import toml_value

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"

SETTINGS_INTRODUCTION = """\
# Settings

<!-- Written by `make docs` from src/stoppress/config/options.py. -->

A newsroom's settings are in `stoppress.toml`, in its folder. Each can also be given in the
environment, as `STOPPRESS_` and its name in capitals; the environment wins. A setting that can't be
used, and a name that is no setting, stop the start with a sentence that says what to do.
`stoppress doctor` checks without starting.

`STOPPRESS_HOME` names the newsroom's folder; without it, it is the current folder. It is the one
variable that can't be in the file.
"""

COMMANDS_INTRODUCTION = """\
# Commands

<!-- Written by `make docs` from src/stoppress/cli. -->

Every command takes `--help`. Those that need a newsroom use the one in the current folder, or the
one that `STOPPRESS_HOME` names. Exit codes: 0 done, 1 a fault that the text explains, 2 a command
line that makes no sense.
"""


def settings_page() -> str:
    """The whole page of settings."""
    parts = [SETTINGS_INTRODUCTION]
    for group in GROUPS:
        parts.append(f"\n## {group.title}\n")
        parts += [_setting(setting) for setting in group.settings]
    return "".join(parts)


def _setting(setting: Setting[object]) -> str:
    unit = f" ({setting.unit})" if setting.unit else ""
    return (
        f"\n### {setting.name}\n\n{setting.help}\n\n"
        f"- In the file: `{setting.key} = {toml_value(setting.default)}` (the default){unit}\n"
        f"- May be: {setting.kind.wanted}\n"
    )


def commands_page() -> str:
    """The whole page of commands."""
    return COMMANDS_INTRODUCTION + "".join(
        _command(context) for context in contexts(stoppress, "stoppress")
    )


def contexts(command: click.Command, name: str) -> Iterator[click.Context]:
    """A context for each command below (and without) a group, in the help's order."""
    context = click.Context(command, info_name=name)
    yield from _below(context)


def _below(context: click.Context) -> Iterator[click.Context]:
    if not isinstance(context.command, click.Group):
        yield context
        return
    if context.parent is not None:
        yield context
    for name in context.command.list_commands(context):
        command = context.command.get_command(context, name)
        if command is not None:
            yield from _below(click.Context(command, parent=context, info_name=name))


def _command(context: click.Context) -> str:
    command = context.command
    pieces = command.collect_usage_pieces(context)
    level = "##" if context.parent and context.parent.parent is None else "###"
    text = f"\n{level} {context.command_path}\n\n    {context.command_path} {' '.join(pieces)}\n"
    text += f"\n{_prose(command.help or '')}\n"
    options = [p for p in command.params if isinstance(p, click.Option) and not p.hidden]
    if options:
        text += "\n| option | meaning |\n| --- | --- |\n"
        text += "".join(_option(option) for option in options)
    return text


def _prose(text: str) -> str:
    paragraphs = inspect.cleandoc(text).split("\n\n")
    return "\n\n".join(
        f"```text\n{paragraph.lstrip(chr(8)).strip()}\n```"
        if paragraph.startswith("\b")
        else paragraph
        for paragraph in paragraphs
    )


def _option(option: click.Option) -> str:
    names = ", ".join(f"`{name}`" for name in option.opts)
    default = f" (default: {option.default})" if option.show_default else ""
    meaning = (option.help or "").replace("|", "\\|")
    return f"| {names} | {meaning}{default} |\n"


def main() -> None:
    """Write both pages."""
    (REFERENCE / "settings.md").write_text(settings_page(), encoding="utf-8")
    (REFERENCE / "commands.md").write_text(commands_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
