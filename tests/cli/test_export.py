"""`stoppress export` as a person types it."""

import pytest


def test_a_newsroom_is_exported_and_verified(stoppress, newsroom, tmp_path):
    site = tmp_path / "site"
    done = stoppress("export", str(site), home=newsroom)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " written, 0 unchanged, 0 removed" in done.stdout
    assert "The Harbour Post" in (site / "index.html").read_text("utf-8")
    verified = stoppress("export", str(site), "--verify", home=newsroom)
    assert verified.returncode == 0
    assert "are as they were exported" in verified.stdout
    body = bytearray((site / "index.html").read_bytes())
    body[100] ^= 1
    (site / "index.html").write_bytes(body)
    verified = stoppress("export", str(site), "--verify", home=newsroom)
    assert verified.returncode == 1
    assert "index.html holds other bytes than were exported." in verified.stdout


def test_a_folder_with_other_things_is_refused(stoppress, newsroom, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.odt").write_text("years of work")
    done = stoppress("export", str(tmp_path / "mine"), home=newsroom)
    assert done.returncode == 1
    assert "is no export: it holds thesis.odt" in done.stderr
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.odt"]


@pytest.mark.parametrize("options", [(), ("--verify",)])
def test_a_folder_without_a_newsroom_is_named(stoppress, tmp_path, options):
    done = stoppress("export", str(tmp_path / "site"), *options, home=tmp_path)
    assert done.returncode == 1
    assert "is no newsroom" in done.stderr
    assert not (tmp_path / "site").exists()


def test_a_file_is_no_folder(stoppress, newsroom, tmp_path):
    (tmp_path / "site").write_text("a file")
    done = stoppress("export", str(tmp_path / "site"), home=newsroom)
    assert done.returncode == 2
    assert "is a file" in done.stderr


def test_a_folder_that_cannot_be_made_is_named(stoppress, newsroom):
    done = stoppress("export", "/proc/site", home=newsroom)
    assert done.returncode == 1
    assert "/proc/site" in done.stderr
    assert "Traceback" not in done.stderr
