"""Settings come from the environment, then the file, then the default; a fault names all of it."""

from pathlib import Path

import pytest

from stoppress.config import options as declared
from stoppress.config.errors import ConfigurationError, Faults, UnknownSetting, UnreadableFile
from stoppress.config.reading import hide_password, home_folder, read_options


@pytest.fixture
def home(tmp_path):
    return tmp_path


def write(home: Path, text: str) -> None:
    (home / "stoppress.toml").write_text(text, encoding="utf-8")


def test_without_a_file_every_setting_has_its_default(home):
    options = read_options(home, {})
    assert options[declared.PORT] == 8000
    assert options[declared.STORE_DIR] == home / "data" / "store"
    assert options.origin_of(declared.PORT) == "the default"


def test_the_file_wins_over_the_default(home):
    write(home, 'paper_name = "The Ferry Times"\nport = 8080\nstore_max_bytes = "2 GiB"\n')
    options = read_options(home, {})
    assert options[declared.PAPER_NAME] == "The Ferry Times"
    assert options[declared.PORT] == 8080
    assert options[declared.STORE_MAX_BYTES] == 2 * 2**30
    assert options.origin_of(declared.PORT).endswith("stoppress.toml, line 2")


def test_the_environment_wins_over_the_file(home):
    write(home, "port = 8080\n")
    options = read_options(home, {"STOPPRESS_PORT": "9000", "STOPPRESS_DEMO_WIRE": "yes"})
    assert options[declared.PORT] == 9000
    assert options[declared.DEMO_WIRE] is True
    assert options.origin_of(declared.PORT) == "the environment"


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ('port = "80x"', "Give a whole number from 1 to 65,535."),
        ("port = 0", "which is out of range"),
        ("port = true", "which is not a whole number"),
        ("port = 80.5", "which is not a whole number"),
        ('paper_name = ""', "which is empty"),
        ("paper_name = 7", "which is not text"),
        ('paper_name = "a\\nb"', "which has a line break"),
        (f'paper_name = "{"x" * 201}"', "which has 201 characters"),
        ('origin = "news.example"', "doesn't begin with https://"),
        ('origin = "https://news.example/path"', "has more than a scheme, a host and a port"),
        ('origin = "https://news.example:99999"', "which is no address"),
        ('origin = "https://"', "which names no host"),
        ('time_zone = "Mars/Olympus"', "which is no time zone"),
        ('time_zone = "../etc/passwd"', "which is no time zone"),
        ('time_zone = ""', "which is no time zone"),
        ('language = "English"', "which is no language code"),
        ('language = "tlh"', "the desk is not translated into"),
        ('database = "mysql://u:p@host/name"', "a database we don't use"),
        ('database = "postgresql://host"', "names no database"),
        ('store_max_bytes = "lots"', "which is not a size"),
        ('store_max_bytes = "1 MiB"', "which is out of range"),
        ('allowed_hosts = ["good.example", "bad host"]', "“bad host”, which is no host name"),
        ('trusted_proxies = ["10.0.0.1/8"]', "which is no address or network"),
        ('trusted_proxies = "proxy.example"', "“proxy.example”, which is no address or network"),
        ('trusted_proxies = ["::/0"]', "“::/0”, which is everybody"),
        ("trusted_proxies = 7", "is no list of addresses"),
        ('mail = "news.example"', "which is no mail server"),
        ('log_level = "loud"', "Give debug, info, warning or error."),
        ('demo_wire = "perhaps"', "neither yes nor no"),
        ('media_dir = "a\\u0000b"', "has a null character"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_its_name_place_and_remedy(home, line, wanted):
    write(home, f"# a comment\n{line}\n")
    with pytest.raises(ConfigurationError) as caught:
        read_options(home, {})
    said = str(caught.value)
    assert wanted in said
    assert said.startswith(f"STOPPRESS_{line.split(' ')[0].upper()} is ")
    assert "stoppress.toml, line 2" in said


def test_all_faults_are_told_at_once(home):
    write(home, 'port = "x"\npapername = "The Ferry Times"\n')
    with pytest.raises(Faults) as caught:
        read_options(home, {"STOPPRESS_WORKERS": "none"})
    assert len(caught.value.faults) == 3


def test_an_unknown_key_is_refused_with_a_suggestion(home):
    write(home, 'paper-name = "The Ferry Times"\n')
    with pytest.raises(UnknownSetting, match=r"line 1 sets “paper-name”.* Did you mean paper_name"):
        read_options(home, {})


def test_an_unknown_table_is_refused(home):
    write(home, "\n[server]\nport = 1\n")
    with pytest.raises(UnknownSetting, match=r"line 2 sets “server”"):
        read_options(home, {})


def test_an_unknown_variable_is_refused_with_a_suggestion(home):
    with pytest.raises(UnknownSetting, match="Did you mean STOPPRESS_DATABASE"):
        read_options(home, {"STOPPRESS_DATABSE": "x"})


@pytest.mark.parametrize("content", [b"port = ", b"\xff\xfe", b"port = 1\nport = 2\n"])
def test_a_file_that_is_no_toml_is_refused(home, content):
    (home / "stoppress.toml").write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"stoppress\.toml"):
        read_options(home, {})


def test_a_password_is_never_shown(home):
    with pytest.raises(ConfigurationError) as caught:
        read_options(home, {"STOPPRESS_DATABASE": "mysql://u:s3cr@t@host/name"})
    assert "t@host" not in str(caught.value)
    assert hide_password("postgresql://u:p@h/n") == "postgresql://u:***@h/n"


def test_control_characters_of_a_value_do_not_reach_the_terminal(home):
    with pytest.raises(ConfigurationError) as caught:
        read_options(home, {"STOPPRESS_ORIGIN": "http://\x1b[31mred"})
    assert "\x1b" not in str(caught.value)


def test_paths_are_taken_from_the_newsrooms_folder(home):
    options = read_options(home, {"STOPPRESS_MEDIA_DIR": "/srv/media"})
    assert options[declared.MEDIA_DIR] == Path("/srv/media")
    assert options[declared.DATABASE] == str(home / "data" / "newsroom.sqlite3")


def test_the_newsroom_is_the_named_or_the_current_folder(home, monkeypatch):
    monkeypatch.chdir(home)
    assert home_folder({}) == home.resolve()
    assert home_folder({"STOPPRESS_HOME": "/srv/news"}) == Path("/srv/news")
