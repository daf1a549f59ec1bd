"""The folder of an export: journal, lock, and whose files are whose."""

import json
import os
from pathlib import Path

import pytest

from stoppress.press.export import manifest
from stoppress.press.export.errors import (
    ExportOfAnother,
    ExportRuns,
    FileInTheWay,
    ManifestBroken,
    NotAnExport,
    NothingExported,
    Unplaceable,
)
from stoppress.press.export.folder import differences, locked, opened
from stoppress.press.export.placing import file_of, nginx_table

SITE = {"index.html": b"front", "world/index.html": b"world", "feed/index.xml": b"<feed/>"}


def run(root: Path, files: dict[str, bytes], change: int = 1, newsroom: str = "ours"):
    with opened(root, newsroom) as folder:
        for name, body in files.items():
            folder.put(name, body, change)
        folder.finish(newsroom, "https://paper.example", change)
    return folder.tally


def held(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and not path.name.startswith(manifest.PREFIX)
    }


def cut_short(root: Path, files: dict[str, bytes]) -> None:
    """A run that wrote some files and was killed before its manifest."""
    with opened(root, "ours") as folder:
        for name, body in files.items():
            folder.put(name, body, 2)
        folder.flush()


def test_only_what_changed_is_written_and_what_is_gone_is_removed(tmp_path):
    run(tmp_path, SITE)
    before = (tmp_path / "index.html").stat().st_mtime_ns
    tally = run(tmp_path, {"index.html": b"front", "world/index.html": b"new"}, change=5)
    assert (tally.written, tally.unchanged, tally.removed) == (1, 1, 1)
    assert held(tmp_path) == {"index.html": b"front", "world/index.html": b"new"}
    assert not (tmp_path / "feed").exists()
    assert (tmp_path / "index.html").stat().st_mtime_ns == before
    files = json.loads((tmp_path / manifest.MANIFEST).read_text())["files"]
    assert {name: entry["change"] for name, entry in files.items()} == {
        "index.html": 1,
        "world/index.html": 5,
    }


def test_a_run_cut_short_is_completed_by_the_next(tmp_path):
    cut_short(tmp_path, {"index.html": b"front", "killed/index.html": b"withdrawn meanwhile"})
    assert run(tmp_path, SITE).written == 3
    assert held(tmp_path) == SITE
    assert differences(tmp_path) == (3, [])


def test_what_a_cut_run_overwrote_is_not_taken_for_what_the_manifest_says(tmp_path):
    run(tmp_path, SITE)
    cut_short(tmp_path, SITE | {"index.html": b"xxxxx"})  # as long as before
    assert any("interrupted" in text for text in differences(tmp_path)[1])
    tally = run(tmp_path, SITE)
    assert (tally.written, tally.unchanged) == (1, 2)
    assert held(tmp_path) == SITE


def test_a_torn_line_of_the_journal_hides_no_other(tmp_path):
    cut_short(tmp_path, {"one.html": b"1"})
    with (tmp_path / manifest.JOURNAL).open("a") as journal:
        journal.write('"two.ht')
    cut_short(tmp_path, {"three.html": b"3"})
    run(tmp_path, SITE)
    assert held(tmp_path) == SITE


def test_a_file_that_somebody_removed_is_written_again(tmp_path):
    run(tmp_path, SITE)
    (tmp_path / "index.html").unlink()
    assert differences(tmp_path)[1] == ["index.html is missing."]
    assert run(tmp_path, SITE).written == 1


def test_a_flipped_byte_is_found(tmp_path):
    run(tmp_path, SITE)
    (tmp_path / "index.html").write_bytes(b"frOnt")
    (tmp_path / "world/index.html").write_bytes(b"worlds")
    assert differences(tmp_path)[1] == [
        "index.html holds other bytes than were exported.",
        "world/index.html has 6 bytes instead of 5.",
    ]


def test_files_of_others_are_left_alone(tmp_path):
    run(tmp_path, SITE)
    (tmp_path / "CNAME").write_text("paper.example")
    run(tmp_path, {"index.html": b"front"})
    assert held(tmp_path) == {"index.html": b"front", "CNAME": b"paper.example"}


def test_a_folder_with_other_things_is_refused(tmp_path):
    (tmp_path / "thesis.odt").write_text("years of work")
    with pytest.raises(NotAnExport, match=r"thesis\.odt"):
        run(tmp_path, SITE)
    assert held(tmp_path) == {"thesis.odt": b"years of work"}
    assert not list(tmp_path.glob(f"{manifest.PREFIX}*"))


@pytest.mark.parametrize("begin", [run, cut_short])
def test_another_newsrooms_export_is_refused(tmp_path, begin):
    begin(tmp_path, SITE)
    with pytest.raises(ExportOfAnother):
        run(tmp_path, {}, newsroom="theirs")
    assert held(tmp_path) == SITE


def test_two_at_once_are_refused(tmp_path):
    with locked(tmp_path), pytest.raises(ExportRuns, match=str(os.getpid())):
        run(tmp_path, SITE)
    run(tmp_path, SITE)


def test_a_file_in_the_way_is_named_and_kept(tmp_path):
    run(tmp_path, SITE)
    (tmp_path / "new").write_text("mine")
    with pytest.raises(FileInTheWay, match="/new is in the way"):
        run(tmp_path, SITE | {"new/index.html": b"new"})
    (tmp_path / "new").unlink()
    (tmp_path / "robots.txt").write_text("mine")
    with pytest.raises(FileInTheWay, match=r"robots\.txt"):
        run(tmp_path, SITE | {"robots.txt": b"ours"})
    assert (tmp_path / "robots.txt").read_text() == "mine"


def test_no_link_leads_a_file_out_of_the_folder(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    root = tmp_path / "site"
    run(root, {"index.html": b"front"})
    (root / "world").symlink_to(outside)
    with pytest.raises(FileInTheWay):
        run(root, SITE)
    assert not list(outside.iterdir())


def test_a_manifest_that_cannot_be_read_is_no_licence_to_remove(tmp_path):
    run(tmp_path, SITE)
    (tmp_path / manifest.MANIFEST).write_text("{")
    with pytest.raises(ManifestBroken):
        run(tmp_path, {})
    assert held(tmp_path) == SITE


def test_there_is_nothing_to_verify_where_nothing_was_exported(tmp_path):
    with pytest.raises(NothingExported):
        differences(tmp_path)


def test_a_copied_file_that_looks_as_it_did_is_not_read_again(tmp_path):
    root, source = tmp_path / "site", tmp_path / "quay.png"
    source.write_bytes(b"picture")
    for written in (1, 0):
        with opened(root, "ours") as folder:
            folder.copy("media/quay.png", source, 1)
            folder.finish("ours", "", 1)
        assert folder.tally.written == written
        source.chmod(0o000)  # root reads it all the same; its time stays
    source.chmod(0o600)
    source.write_bytes(b"another")
    os.utime(source, ns=(1, 1))
    with opened(root, "ours") as folder:
        folder.copy("media/quay.png", source, 2)
        folder.finish("ours", "", 2)
    assert held(root) == {"media/quay.png": b"another"}


@pytest.mark.parametrize("path", ["/../etc/", "/a//b/", "/./", f"/{'x' * 256}/", "/a\0b/"])
def test_no_address_leads_out_of_the_folder(path):
    with pytest.raises(Unplaceable):
        file_of(path)


def test_the_table_of_redirects_is_written_for_nginx():
    table = nginx_table({"/b/": "/ø/", '/a"/': "/c/"})
    assert table == b'"/a\\"/" "/c/";\n"/b/" "/%C3%B8/";\n'
