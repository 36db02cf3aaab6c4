from __future__ import annotations

import codecs
import os
import stat
from pathlib import Path

import pytest

from apim_policy.workspace.files import FileStore
from apim_policy.workspace.writing import UnwritableFileError, write_files


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_change_keeps_encoding_mark_line_ends_and_permissions(tmp_path: Path) -> None:
    path = tmp_path / "policy.xml"
    path.write_bytes(codecs.BOM_UTF16_LE + "<a>\r\n</a>\n".encode("utf-16-le"))
    path.chmod(0o640)
    store = FileStore()
    write_files(store, {path: store.read(path).text.replace("a", "é")}, tmp_path)
    assert path.read_bytes() == codecs.BOM_UTF16_LE + "<é>\r\n</é>\n".encode("utf-16-le")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert store.read(path).text == "<é>\r\n</é>\n"


def test_a_new_file_is_made_in_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "apim-policy.toml"
    write_files(FileStore(), {path: "# ü\n"}, tmp_path)
    assert path.read_bytes() == "# ü\n".encode()


def test_nothing_else_is_left_in_the_folder(tmp_path: Path) -> None:
    path = tmp_path / "policy.xml"
    path.write_text("old")
    write_files(FileStore(), {path: "new"}, tmp_path)
    assert names(tmp_path) == ["policy.xml"]


def test_a_link_within_the_workspace_stays_a_link(tmp_path: Path) -> None:
    target = tmp_path / "shared.xml"
    target.write_text("old")
    link = tmp_path / "policy.xml"
    link.symlink_to(target)
    write_files(FileStore(), {link: "new"}, tmp_path)
    assert link.is_symlink()
    assert target.read_text() == "new"


@pytest.mark.parametrize("through", ["file", "folder"])
def test_no_link_is_followed_out_of_the_workspace(tmp_path: Path, through: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "policy.xml").write_text("old")
    root = tmp_path / "root"
    root.mkdir()
    path = root / "policy.xml"
    if through == "file":
        path.symlink_to(outside / "policy.xml")
    else:
        (root / "apis").symlink_to(outside)
        path = root / "apis" / "policy.xml"
    with pytest.raises(UnwritableFileError, match="outside"):
        write_files(FileStore(), {path: "new"}, root)
    assert (outside / "policy.xml").read_text() == "old"


def test_the_workspace_itself_may_be_reached_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "policy.xml").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_files(FileStore(), {tmp_path / "link" / "policy.xml": "new"}, tmp_path / "link")
    assert (tmp_path / "real" / "policy.xml").read_text() == "new"


def test_a_read_only_file_changes_nothing(tmp_path: Path) -> None:
    first, second = tmp_path / "a.xml", tmp_path / "b.xml"
    first.write_text("old")
    second.write_text("old")
    second.chmod(0o444)
    with pytest.raises(UnwritableFileError) as caught:
        write_files(FileStore(), {first: "new", second: "new"}, tmp_path)
    assert caught.value.path == second
    assert caught.value.reason == "it is read-only"
    assert first.read_text() == second.read_text() == "old"
    assert names(tmp_path) == ["a.xml", "b.xml"]


def test_files_already_replaced_get_their_content_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, new, last = tmp_path / "a.xml", tmp_path / "b.xml", tmp_path / "c.xml"
    first.write_text("old a")
    last.write_text("old c")
    replace = Path.replace

    def fail_at_last(self: Path, target: Path) -> Path:
        if target == last:
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail_at_last)
    with pytest.raises(UnwritableFileError, match="No space left on device"):
        write_files(FileStore(), {first: "new", new: "new", last: "new"}, tmp_path)
    assert first.read_text() == "old a"
    assert last.read_text() == "old c"
    assert names(tmp_path) == ["a.xml", "c.xml"]


def test_a_folder_that_is_full_or_closed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "policy.xml"
    path.write_text("old")

    def deny(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", deny)
    with pytest.raises(
        UnwritableFileError, match="nothing can be written to its folder: No space left on device"
    ):
        write_files(FileStore(), {path: "new"}, tmp_path)
    assert names(tmp_path) == ["policy.xml"]
    assert path.read_text() == "old"


def test_a_file_that_someone_else_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "policy.xml"
    path.write_text("read")
    store = FileStore()
    store.read(path)
    path.write_text("theirs")
    with pytest.raises(UnwritableFileError, match="changed by another program"):
        write_files(store, {path: "ours"}, tmp_path)
    assert path.read_text() == "theirs"


def test_half_a_character_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "policy.xml"
    path.write_text("old")
    with pytest.raises(UnwritableFileError, match=r"U\+D800, which is no character"):
        write_files(FileStore(), {path: "\ud800"}, tmp_path)
    assert path.read_text() == "old"


def test_a_folder_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "policy.xml").mkdir()
    with pytest.raises(UnwritableFileError, match="it is a folder"):
        write_files(FileStore(), {tmp_path / "policy.xml": "new"}, tmp_path)


def test_bytes_that_are_no_text_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "policy.xml"
    path.write_bytes(b"\xe9")
    with pytest.raises(UnwritableFileError, match="neither UTF-8 nor UTF-16"):
        write_files(FileStore(), {path: "new"}, tmp_path)
    assert path.read_bytes() == b"\xe9"
