"""`stoppress doctor` finds what is wrong, says what to do, and ends with 1 if something is."""

import sqlite3
import stat
from contextlib import closing

import pytest

from stoppress.cli.checks import CHECKS


def test_a_new_newsroom_is_in_order(stoppress, newsroom):
    done = stoppress("doctor", home=newsroom)
    assert done.returncode == 0, done.stdout + done.stderr
    for check in CHECKS:
        assert check.id in done.stdout
    assert "This newsroom is in order." in done.stdout


def break_configuration(newsroom):
    (newsroom / "stoppress.toml").write_text("port = 'x'\npapername = 'y'\n")
    return "configuration", "Did you mean paper_name?"


def break_key(newsroom):
    (newsroom / "secret.key").chmod(0o644)
    return "permissions", "chmod 600"


def break_folder(newsroom):
    (newsroom / "media").rmdir()
    return "permissions", "stoppress init"


def break_database(newsroom):
    file = newsroom / "data" / "newsroom.sqlite3"
    file.write_bytes(b"this is no database, whatever its name says" * 100)
    return "database", "Check STOPPRESS_DATABASE"


def break_schema(newsroom):
    with closing(sqlite3.connect(newsroom / "data" / "newsroom.sqlite3")) as database, database:
        database.execute("DELETE FROM django_migrations WHERE app = 'newsroom'")
    return "migrations", "stoppress init ."


def break_editors(newsroom):
    with closing(sqlite3.connect(newsroom / "data" / "newsroom.sqlite3")) as database, database:
        database.execute("UPDATE auth_user SET is_active = 0")
    return "editors", "stoppress init ."


def break_countries(newsroom):
    (newsroom / "countries.mmdb").write_bytes(b"no database")
    with (newsroom / "stoppress.toml").open("a") as file:
        file.write('\ncountry_database = "countries.mmdb"\n')
    return "countries", "Fetch it again, or name none."


def break_store(newsroom):
    (newsroom / "data" / "store" / "data.mdb").write_bytes(b"\x01" * 8192)
    return "store", "it refills by itself"


@pytest.mark.parametrize(
    "break_it",
    [
        break_configuration,
        break_key,
        break_folder,
        break_database,
        break_schema,
        break_editors,
        break_countries,
        break_store,
    ],
    ids=lambda function: function.__name__.removeprefix("break_"),
)
def test_each_fault_is_found_with_its_remedy(stoppress, newsroom, break_it):
    check, remedy = break_it(newsroom)
    done = stoppress("doctor", home=newsroom)
    assert done.returncode == 1, done.stdout
    faults = [line for line in done.stdout.splitlines() if line.startswith("fault")]
    assert check in {line.split()[1] for line in faults}
    assert remedy in done.stdout
    assert "Traceback" not in done.stderr


def test_a_news_list_out_of_step_is_found_and_made_anew(stoppress, newsroom, tmp_path):
    page = tmp_path / "page.txt"
    page.write_text("A pier is found\n\nBy Tamsin Rook\n\n" + "It was under the sand. " * 20)
    moment = ("--retrieved", "2025-11-23T12:00:00Z")
    done = stoppress("import", "page", str(page), "--section", "World", *moment, home=newsroom)
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(newsroom / "data" / "newsroom.sqlite3")) as database, database:
        database.execute("DELETE FROM desk_newslistentry")
    found = stoppress("doctor", home=newsroom)
    assert found.returncode == 0
    assert "1 story is missing or out of date" in found.stdout
    assert "stoppress rebuild news-list" in found.stdout
    done = stoppress("rebuild", "news-list", home=newsroom)
    assert "It has 1 story." in done.stdout, done.stderr
    assert "warning" not in stoppress("doctor", home=newsroom).stdout


def test_what_needs_a_broken_thing_is_skipped(stoppress, newsroom):
    break_database(newsroom)
    said = stoppress("doctor", home=newsroom).stdout
    assert "skipped  migrations" in said


def test_a_port_in_use_is_a_fault(stoppress, newsroom, taken_port):
    done = stoppress("doctor", home=newsroom, STOPPRESS_PORT=str(taken_port))
    assert done.returncode == 1
    assert f"Port {taken_port}" in done.stdout


def test_the_password_of_the_database_is_not_shown(stoppress, newsroom):
    address = "postgresql://ed:s3cret@127.0.0.1:1/news"
    done = stoppress("doctor", home=newsroom, STOPPRESS_DATABASE=address)
    assert done.returncode == 1
    assert "s3cret" not in done.stdout + done.stderr


def test_looking_changes_nothing(stoppress, newsroom):
    before = (newsroom / "stoppress.toml").read_text(), stat.S_IMODE(newsroom.stat().st_mode)
    stoppress("doctor", home=newsroom)
    after = (newsroom / "stoppress.toml").read_text(), stat.S_IMODE(newsroom.stat().st_mode)
    assert before == after


def test_a_newsroom_is_not_served_with_countries_that_cannot_be_read(stoppress, newsroom):
    break_countries(newsroom)
    done = stoppress("serve", home=newsroom)
    assert done.returncode != 0
    assert "countries.mmdb is no database in the MaxMind DB format" in done.stderr
