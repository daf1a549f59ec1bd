"""A changed stylesheet reaches readers at the next start, with or without a new version."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import stoppress
from tests.cli.conftest import environment

PREPARE = """
from stoppress.cli.opening import open_options
from stoppress.cli.serve import prepare
prepare(open_options())
"""


@pytest.fixture
def program(tmp_path):
    """A copy of the program that may be changed."""
    source = Path(stoppress.__file__).parent
    ignored = shutil.ignore_patterns("__pycache__")
    return shutil.copytree(source, tmp_path / "program" / "stoppress", ignore=ignored)


def start(program: Path, newsroom: Path) -> str:
    """Do what `serve` does before it serves; what it said."""
    done = subprocess.run(
        [sys.executable, "-c", PREPARE],
        env=environment(newsroom, PYTHONPATH=str(program.parent)),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout + done.stderr


def test_a_changed_stylesheet_of_the_same_size_and_time_is_collected(program, newsroom):
    start(program, newsroom)
    assert start(program, newsroom) == ""  # nothing to do
    sheet = program / "theme" / "styles" / "print.css"
    before, state = sheet.read_text("utf-8"), sheet.stat()
    sheet.write_text(before.replace("margin: 18mm", "margin: 17mm"), "utf-8")
    os.utime(sheet, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert sheet.stat().st_size == state.st_size
    assert "Styles and scripts are in place" in start(program, newsroom)
    collected = (newsroom / "data" / "static" / "stoppress").glob("paper.*.css")
    assert any("17mm" in file.read_text("utf-8") for file in collected)
