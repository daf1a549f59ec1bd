"""What settings become: database, mail, the starting file, the secret key, the app's socket."""

import os
import stat

import pytest

from stoppress.config import options as declared
from stoppress.config.database import django_database
from stoppress.config.mail import django_mail
from stoppress.config.options import SETTINGS
from stoppress.config.reading import read_options
from stoppress.config.secret import make_secret_key, read_secret_key
from stoppress.config.sockets import PATH_MAX_BYTES, app_socket, make_socket_folder
from stoppress.config.starting_file import starting_file


def test_a_path_is_a_sqlite_database_whose_writers_queue():
    database = django_database("/srv/news/newsroom.sqlite3")
    assert database["ENGINE"] == "stoppress.press.sqlite"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_an_address_is_a_postgresql_database():
    database = django_database("postgresql://ed:p%40ss@db.example:5433/news?sslmode=require")
    assert database["USER"], database["PASSWORD"] == ("ed", "p@ss")
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example", "5433", "news")
    assert database["OPTIONS"]["sslmode"] == "require"


def test_a_socket_folder_can_be_the_host():
    database = django_database("postgresql:///news?host=/run/postgresql")
    assert database["HOST"] == "/run/postgresql"


@pytest.mark.parametrize(
    ("value", "port", "tls", "ssl"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtp+tls://u:p@mail.example", 587, True, False),
        ("smtps://u:p@mail.example:4650", 4650, False, True),
    ],
)
def test_a_mail_server_is_read_from_its_address(value, port, tls, ssl):
    mail = django_mail(value)
    assert (mail["EMAIL_PORT"], mail["EMAIL_USE_TLS"], mail["EMAIL_USE_SSL"]) == (port, tls, ssl)


def test_without_a_mail_server_no_mail_is_sent():
    assert django_mail("")["EMAIL_BACKEND"].endswith("dummy.EmailBackend")


def test_the_starting_file_explains_every_setting_and_sets_none():
    text = starting_file({})
    assert all(line.startswith("#") for line in text.splitlines() if line)
    for setting in SETTINGS:
        assert f"# {setting.key} = " in text


def test_uncommenting_every_line_of_the_starting_file_changes_nothing(tmp_path):
    keys = tuple(f"# {setting.key} = " for setting in SETTINGS)
    lines = [
        line.removeprefix("# ") if line.startswith(keys) else line
        for line in starting_file({}).splitlines()
    ]
    (tmp_path / "stoppress.toml").write_text("\n".join(lines), encoding="utf-8")
    from_file = read_options(tmp_path, {})
    (tmp_path / "stoppress.toml").unlink()
    assert from_file.values == read_options(tmp_path, {}).values


def test_chosen_values_are_set_in_the_starting_file(tmp_path):
    chosen = {"paper_name": 'The "Ferry" Times — 渡し船', "demo_wire": True}
    (tmp_path / "stoppress.toml").write_text(starting_file(chosen), encoding="utf-8")
    options = read_options(tmp_path, {})
    assert options[declared.PAPER_NAME] == chosen["paper_name"]
    assert options[declared.DEMO_WIRE] is True


def test_the_secret_key_is_private_and_stays(tmp_path):
    make_secret_key(tmp_path)
    key = read_secret_key(tmp_path)
    make_secret_key(tmp_path)
    assert read_secret_key(tmp_path) == key
    assert len(key) >= 50
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_without_a_key_file_no_known_key_is_used(tmp_path):
    assert read_secret_key(tmp_path) != read_secret_key(tmp_path)


def test_a_deep_newsroom_gets_a_socket_path_that_the_kernel_takes(tmp_path):
    shallow, deep = tmp_path / "run", tmp_path / ("deep/" * 40) / "run"
    assert app_socket(shallow) == shallow / "app.sock"
    assert len(os.fsencode(app_socket(deep))) <= PATH_MAX_BYTES
    assert app_socket(deep) != app_socket(deep / "other")


def test_a_socket_folder_that_is_a_link_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionError, match="belongs to somebody else"):
        make_socket_folder(tmp_path / "run" / "app.sock")
