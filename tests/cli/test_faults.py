"""A person's mistake gets a sentence that says what to do, never a traceback."""

import errno
import subprocess

import pytest

from stoppress.cli.errors import explain_os_error
from tests.cli.conftest import command, environment


def test_help_teaches_the_first_steps(stoppress):
    said = stoppress("--help").stdout
    for command_line in ("stoppress demo", "stoppress init mypaper", "stoppress serve"):
        assert command_line in said


def test_help_needs_no_django():
    program = (
        "import sys; from click.testing import CliRunner; from stoppress.cli.main import main; "
        "assert CliRunner().invoke(main, ['--help']).exit_code == 0; "
        "print(sorted(m for m in sys.modules if m.split('.')[0] in {'django', 'wagtail'}))"
    )
    python = command()[0]
    done = subprocess.run(
        [python, "-c", program], env=environment(), capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_version_names_what_runs(stoppress):
    said = stoppress("version").stdout
    assert said.startswith("stoppress ")
    assert "wagtail" in said


@pytest.mark.parametrize("name", ["serve", "doctor", "receipt"])
def test_a_folder_that_is_no_newsroom_is_named(stoppress, tmp_path, name):
    done = stoppress(name, cwd=tmp_path)
    assert done.returncode == 1
    assert f"{tmp_path} is no newsroom" in done.stderr
    assert "stoppress init DIR" in done.stderr


def test_a_misspelt_command_is_refused(stoppress):
    assert stoppress("sevre").returncode == 2


def test_a_port_in_use_is_named_with_a_way_out(stoppress, newsroom, taken_port):
    done = stoppress("serve", "--port", str(taken_port), home=newsroom)
    assert done.returncode == 1
    assert f"Port {taken_port} on 127.0.0.1 is in use" in done.stderr
    assert "--port" in done.stderr


def test_a_demo_on_a_port_in_use_is_refused_before_it_is_made(stoppress, tmp_path, taken_port):
    done = stoppress("demo", "--port", str(taken_port), "--dir", str(tmp_path / "demo"))
    assert f"make demo PORT={taken_port + 1}" in done.stderr
    assert done.returncode == 1
    assert f"Port {taken_port} on 127.0.0.1 is in use" in done.stderr
    assert not (tmp_path / "demo").exists()


@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.1"])
def test_an_address_that_is_not_ours_is_refused(stoppress, newsroom, host):
    done = stoppress("serve", "--host", host, home=newsroom)
    assert done.returncode == 1
    assert "is no address of this machine" in done.stderr


@pytest.mark.parametrize("port", ["0", "65536", "eighty"])
def test_a_port_that_is_none_is_refused(stoppress, newsroom, port):
    assert stoppress("serve", "--port", port, home=newsroom).returncode == 2


def test_a_wrong_setting_stops_the_start(stoppress, newsroom):
    with (newsroom / "stoppress.toml").open("a") as file:
        file.write('\nworkers = "many"\n')
    done = stoppress("serve", home=newsroom)
    assert done.returncode == 1
    assert "STOPPRESS_WORKERS is “many”" in done.stderr
    assert "stoppress.toml, line" in done.stderr


def test_a_receipt_that_does_not_exist_is_said(stoppress, newsroom):
    assert "There is no change 7" in stoppress("receipt", "7", home=newsroom).stderr
    assert "Nothing was printed yet" in stoppress("receipt", home=newsroom).stderr


def test_a_demo_is_not_made_of_a_real_newsroom(stoppress, newsroom):
    done = stoppress("demo", "--dir", str(newsroom))
    assert done.returncode == 1
    assert "is a newsroom, but no demonstration" in done.stderr


def test_a_folder_that_cannot_be_made_is_told_by_the_folder_around_it(tmp_path):
    refused = PermissionError(errno.EACCES, "Permission denied", str(tmp_path / "paper"))
    assert explain_os_error(refused) == (
        f"{tmp_path}/paper can't be made: this user may not write in {tmp_path}. "
        "Grant access, or choose another folder."
    )
