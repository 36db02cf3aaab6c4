"""Paths and URIs."""

from __future__ import annotations

from pathlib import Path

import pytest

from apim_policy.lsp.uris import to_path, to_uri


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///work/policy.xml", "/work/policy.xml"),
        ("file://localhost/work/policy.xml", "/work/policy.xml"),
        ("file:///work/a%20b/%C3%A9%23%3F.xml", "/work/a b/é#?.xml"),
        ("file:///work/./x/../policy.xml", "/work/policy.xml"),
        ("file:///work/100%25/policy.xml", "/work/100%/policy.xml"),
    ],
)
def test_file_uris_are_paths(uri: str, path: str) -> None:
    assert to_path(uri) == Path(path)


@pytest.mark.parametrize(
    "uri", ["untitled:Untitled-1", "git:/a.xml", "http://x/a", "", "file:", "file:///a%00b", "a//["]
)
def test_other_uris_are_none(uri: str) -> None:
    assert to_path(uri) is None


@pytest.mark.parametrize("name", ["policy.xml", "a b.xml", "é.xml", "100%.xml", "#?.xml", "{x}.xml"])
def test_paths_come_back_from_their_uris(name: str) -> None:
    assert to_path(to_uri(Path("/work") / name)) == Path("/work") / name
