"""`stoppress init` makes a newsroom, completes one, and leaves other folders alone."""

import os
import shutil
import sqlite3
import stat
from contextlib import closing

import pytest

from tests.cli.conftest import EDITOR


def rows(newsroom, question):
    with closing(sqlite3.connect(newsroom / "data" / "newsroom.sqlite3")) as database:
        return database.execute(question).fetchall()


def test_it_makes_everything_a_newsroom_needs(founded):
    assert 'paper_name = "The Harbour Post"' in (founded / "stoppress.toml").read_text()
    assert stat.S_IMODE((founded / "secret.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((founded / "run").stat().st_mode) == 0o700
    assert (founded / "data" / "static" / "staticfiles.json").is_file()
    assert (founded / "media").is_dir()


def test_the_whole_database_is_in_its_file(founded):
    assert not list((founded / "data").glob("*-wal"))


def test_the_first_editor_can_do_everything(founded):
    question = """SELECT u.username, u.first_name, u.last_name FROM auth_user u
                  JOIN auth_user_groups ug ON ug.user_id = u.id
                  JOIN auth_group g ON g.id = ug.group_id"""
    assert rows(founded, question)[0] == ("ada@news.example", "Ada", "Brook")


def test_founding_twice_is_founding_once(stoppress, newsroom):
    before = rows(newsroom, "SELECT * FROM auth_user"), (newsroom / "secret.key").read_text()
    done = stoppress("init", str(newsroom))
    assert done.returncode == 0, done.stderr
    assert "is a newsroom already" in done.stdout
    assert (rows(newsroom, "SELECT * FROM auth_user"), (newsroom / "secret.key").read_text()) == (
        before
    )


def test_it_makes_what_is_missing(stoppress, newsroom):
    (newsroom / "secret.key").unlink()
    shutil.rmtree(newsroom / "data" / "store")
    assert stoppress("init", ".", cwd=newsroom).returncode == 0
    assert (newsroom / "secret.key").is_file()
    assert (newsroom / "data" / "store").is_dir()


def test_a_second_editor_is_refused(stoppress, newsroom):
    done = stoppress("init", str(newsroom), *EDITOR)
    assert done.returncode == 1
    assert "is a newsroom that has editors" in done.stderr


def test_a_folder_with_other_files_is_refused_and_left_alone(stoppress, tmp_path):
    (tmp_path / "thesis.txt").write_text("precious")
    done = stoppress("init", str(tmp_path), *EDITOR)
    assert done.returncode == 1
    assert "has files in it and is no newsroom" in done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_is_refused(stoppress, tmp_path):
    (tmp_path / "file").touch()
    done = stoppress("init", str(tmp_path / "file"), *EDITOR)
    assert (done.returncode, "is a file" in done.stderr) == (1, True)


def test_without_a_terminal_it_says_what_to_give(stoppress, tmp_path):
    done = stoppress("init", str(tmp_path / "new"), "--name", "Ada")
    assert done.returncode == 2
    assert "give --name, --email and --password" in done.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--password", "short", "at least 10 characters"),
        ("--paper", "The\nPost", "has a line break"),
    ],
)
def test_a_value_that_will_not_do_is_refused_before_anything_is_made(
    stoppress, tmp_path, option, value, said
):
    given = dict(zip(EDITOR[::2], EDITOR[1::2], strict=True)) | {option: value}
    arguments = [word for pair in given.items() for word in pair]
    done = stoppress("init", str(tmp_path / "new"), *arguments)
    assert done.returncode in {1, 2}
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "new").exists()


def test_the_password_can_come_from_standard_input(stoppress, tmp_path):
    done = stoppress("init", str(tmp_path / "new"), *EDITOR[:-1], "-", said="short\n")
    assert "at least 10 characters" in done.stderr


def test_a_wrong_setting_is_told_before_any_question(stoppress, tmp_path):
    done = stoppress("init", str(tmp_path / "new"), STOPPRESS_PORT="eighty")
    assert done.returncode == 1
    assert "STOPPRESS_PORT is “eighty” (from the environment)" in done.stderr


def test_what_was_made_is_taken_away_if_a_step_fails(stoppress, tmp_path):
    done = stoppress(
        "init",
        str(tmp_path / "new"),
        *EDITOR,
        STOPPRESS_DATABASE="postgresql://nobody@127.0.0.1:1/nothing",
    )
    assert done.returncode == 1
    assert "The database can't be used" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.skipif(os.getuid() != 0, reason="needs a folder that even this user may not write")
def test_a_read_only_place_is_said_plainly(stoppress):
    done = stoppress("init", "/proc/newsroom", *EDITOR)
    assert done.returncode == 1
    assert "/proc/newsroom" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_newer_database_is_refused_and_not_touched(stoppress, newsroom):
    with closing(sqlite3.connect(newsroom / "data" / "newsroom.sqlite3")) as database, database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('newsroom', '9999_from_the_future', '2031-01-01')"
        )
    for arguments in (["init", "."], ["serve", "--port", "8499"]):
        done = stoppress(*arguments, cwd=newsroom)
        assert done.returncode == 1
        assert "made by a newer Stoppress" in done.stderr
