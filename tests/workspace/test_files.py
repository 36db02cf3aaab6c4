from __future__ import annotations

import codecs
import os
import re
from typing import TYPE_CHECKING

import pytest

from apim_policy.workspace import files
from apim_policy.workspace.files import HEAD, HEAD_LIMIT, FileStore, UnreadableFileError

if TYPE_CHECKING:
    from pathlib import Path

POLICY = "<policies><inbound /></policies>"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "policy.xml"
    path.write_text(POLICY)
    return path


@pytest.mark.parametrize(
    "data",
    [
        POLICY.encode(),
        codecs.BOM_UTF8 + POLICY.encode(),
        codecs.BOM_UTF16_LE + POLICY.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + POLICY.encode("utf-16-be"),
        POLICY.encode("utf-16-le"),
    ],
)
def test_text_comes_without_its_mark_and_goes_back_to_the_same_bytes(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    source = FileStore().read(path)
    assert source.text == POLICY
    assert source.encoding.encode(source.text) == data


def test_a_file_is_read_again_when_it_has_changed(path: Path) -> None:
    store = FileStore()
    store.read(path)
    path.write_text("<fragment />")
    assert store.read(path).text == "<fragment />"


def test_a_change_that_time_and_size_do_not_tell_is_seen_after_invalidate(path: Path) -> None:
    store = FileStore()
    status = path.stat()
    store.read(path)
    path.write_text(POLICY.replace("inbound", "backend"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    store.invalidate(path)
    assert "backend" in store.read(path).text


def test_what_an_editor_holds_comes_before_the_disk(path: Path) -> None:
    store = FileStore()
    store.open(path, "<fragment />")
    assert store.read(path).text == "<fragment />"
    assert store.head(path).prolog.root == "fragment"
    store.close(path)
    assert store.read(path).text == POLICY


def test_a_file_may_exist_in_an_editor_only(tmp_path: Path) -> None:
    store = FileStore()
    path = tmp_path / "new.xml"
    assert not store.exists(path)
    store.open(path, POLICY)
    assert store.exists(path)
    assert store.is_policy_document(path)


def test_a_document_is_parsed_once_for_a_text(path: Path) -> None:
    store = FileStore()
    document = store.document(path)
    store.open(path, POLICY)
    assert store.document(path) is document
    store.open(path, POLICY + "\n")
    assert store.document(path) is not document


def test_placeholders_of_the_nearest_folder_go_to_the_parser(path: Path) -> None:
    store = FileStore()
    path.write_text('<policies RETRY="COUNT"/>')
    store.use_placeholders(path.parent.parent, re.compile("RETRY"))
    store.use_placeholders(path.parent, re.compile("COUNT"))
    kinds = [part.kind.value for part in store.document(path).root.attributes[0].parts]  # type: ignore[union-attr]
    assert kinds == ["placeholder"]
    store.use_placeholders(path.parent, None)
    kinds = [part.kind.value for part in store.document(path).root.attributes[0].parts]  # type: ignore[union-attr]
    assert kinds == ["literal"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        FileStore().read(tmp_path / "gone.xml")
    assert caught.value.path == tmp_path / "gone.xml"
    assert caught.value.reason == "it does not exist"


def test_a_file_that_vanishes_after_it_was_found_is_unreadable(path: Path) -> None:
    store = FileStore()
    assert store.is_policy_document(path)
    path.unlink()
    with pytest.raises(UnreadableFileError, match="it does not exist"):
        store.read(path)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="it is a folder"):
        FileStore().read(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "policy.xml")
    with pytest.raises(UnreadableFileError, match="it is no file"):
        FileStore().read(tmp_path / "policy.xml")


def test_denied_access_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files.os, "open", deny)
    with pytest.raises(UnreadableFileError, match="the system denies access to it"):
        FileStore().read(path)
    assert not FileStore().is_policy_document(path)


def test_bytes_that_are_no_text_are_named(path: Path) -> None:
    path.write_bytes(b"<policies>\xe9</policies>")
    store = FileStore()
    assert store.is_policy_document(path)
    with pytest.raises(
        UnreadableFileError, match=r"it is neither UTF-8 nor UTF-16 \(byte 10 does not fit UTF-8\)"
    ):
        store.read(path)


def test_a_link_to_itself_is_unreadable(tmp_path: Path) -> None:
    loop = tmp_path / "loop.xml"
    loop.symlink_to(loop)
    with pytest.raises(UnreadableFileError, match="the system says"):
        FileStore().read(loop)


@pytest.mark.parametrize("length", [HEAD - 4, HEAD + 4, HEAD_LIMIT - 200])
@pytest.mark.parametrize("filler", ["x", "é", "𝄞"])
def test_the_root_is_found_behind_a_long_comment(path: Path, length: int, filler: str) -> None:
    comment = f"<!-- {filler * (length // len(filler.encode()))} -->"
    path.write_text(f"{comment}\n<fragment>\n</fragment>" + " " * HEAD_LIMIT)
    store = FileStore()
    text, prolog = store.head(path)
    assert prolog.root == "fragment"
    assert text[slice(*prolog.comments[0])] == comment
    assert store.read(path).text.startswith(comment)


def test_a_root_beyond_the_limit_is_not_looked_for(path: Path) -> None:
    path.write_text(f"<!-- {'x' * HEAD_LIMIT} --><policies/>")
    assert not FileStore().is_policy_document(path)


def test_the_head_of_an_empty_file_has_no_root(path: Path) -> None:
    path.write_bytes(b"")
    assert FileStore().head(path).prolog.root is None
    assert FileStore().read(path).text == ""
