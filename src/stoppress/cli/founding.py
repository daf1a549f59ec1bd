"""Founding a newsroom: its folder, settings, key, database, roles and first editor.

Each step leaves alone what is there, so founding twice is founding once. If a step fails in a
folder that was empty before, what was made is taken away; a database elsewhere is named instead.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection

from stoppress.cli import schema, statics
from stoppress.cli.progress import note, say, step
from stoppress.config.reading import FILE_NAME
from stoppress.config.secret import make_secret_key
from stoppress.config.starting_file import starting_file

NAME_MAX_CHARACTERS = 150


@dataclass(frozen=True, slots=True)
class Editor:
    """The first person who may do everything."""

    name: str
    email: str
    password: str

    def validate(self) -> None:
        """Raise UsageError, naming the option, for a name, address or password that won't do."""
        if not self.name.strip() or not self.name.isprintable():
            raise click.UsageError(
                "--name is empty or has control characters. Give a person's name."
            )
        if len(self.name) > NAME_MAX_CHARACTERS:
            raise click.UsageError(f"--name is longer than {NAME_MAX_CHARACTERS} characters.")
        try:
            validate_email(self.email)
        except ValidationError:
            raise click.UsageError(
                f"--email is “{self.email[:80]}”, which is no e-mail address. Give one such as "
                "editor@news.example."
            ) from None
        try:
            validate_password(self.password, user=get_user_model()(username=self.email))
        except ValidationError as error:
            raise click.UsageError("--password won't do. " + " ".join(error.messages)) from None


class Founding:
    """Makes a newsroom in `home`, or completes the one that is there."""

    def __init__(self, home: Path, chosen: Mapping[str, object]) -> None:
        self.home = home
        self.chosen = chosen  # settings for stoppress.toml, by their names in the file

    def has_no_editor(self) -> bool:
        """Is there nobody yet who could log in at the desk?"""
        table = get_user_model()._meta.db_table
        if table not in connection.introspection.table_names():
            return True
        return not get_user_model().objects.exists()

    def carry_out(self, editor: Editor | None, furnish: Callable[[], None] | None = None) -> None:
        """Do every step. Raises what stopped it, after taking away what was half made.

        `furnish` fills a new newsroom, as the demo does, before it counts as one.
        """
        with self._nothing_half_made():
            self._make_folders()
            self._bring_database_up_to_date()
            self._make_roles(editor)
            if not statics.are_collected():
                with step("Collecting styles and scripts", "Styles and scripts are in place"):
                    statics.collect()
            if furnish is not None:
                furnish()
            connection.close()  # SQLite then has it all in the one file, and no log beside it
            self._write_settings()  # last: a folder with stoppress.toml is a newsroom

    def _make_folders(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        folders = (settings.DATA_DIR, settings.STORE_DIR, settings.JOURNAL_DIR)
        for folder in (*folders, Path(settings.MEDIA_ROOT)):
            folder.mkdir(parents=True, exist_ok=True)
        Path(settings.RUN_DIR).mkdir(mode=0o700, parents=True, exist_ok=True)
        make_secret_key(self.home)

    def _bring_database_up_to_date(self) -> None:
        if schema.database_fit() is schema.Fit.EXACT:
            return
        with step("Making the database", "The database is up to date"):
            schema.bring_up_to_date()

    def _make_roles(self, editor: Editor | None) -> None:
        from stoppress.newsroom.roles import create_roles, give_role

        create_roles()
        if editor is None:
            return
        user = get_user_model().objects.create_user(
            username=editor.email, email=editor.email, password=editor.password
        )
        user.first_name, _, user.last_name = editor.name.strip().partition(" ")
        user.save()
        give_role(user, "chief")
        say(f"{editor.name} can log in as {editor.email}, with the role of chief")

    def _write_settings(self) -> None:
        file = self.home / FILE_NAME
        if not file.exists():
            file.write_text(starting_file(self.chosen), encoding="utf-8")

    @contextmanager
    def _nothing_half_made(self) -> Iterator[None]:
        was_there = self.home.exists()
        was_empty = not was_there or not any(self.home.iterdir())
        try:
            yield
        except BaseException:
            if was_empty and self.home.exists():
                self._take_away(was_there)
            raise

    def _take_away(self, was_there: bool) -> None:
        connection.close()
        for entry in self.home.iterdir():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        if not was_there:
            self.home.rmdir()
        if connection.vendor != "sqlite":
            note(
                "The database that STOPPRESS_DATABASE names may be half made: drop it and create "
                "it anew before the next try."
            )
        elif not Path(settings.DATABASES["default"]["NAME"]).is_relative_to(self.home):
            note(f"{settings.DATABASES['default']['NAME']} may be half made: remove it.")
