"""What is read from the request that opens a session."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from apim_policy.lsp.capabilities import capabilities
from apim_policy.lsp.client import read_client, read_opening
from apim_policy.text.lines import Unit
from lsp.profiles import EMACS, NEOVIM, VSCODE


@pytest.mark.parametrize(
    ("params", "folders"),
    [
        (
            {"workspaceFolders": [{"uri": "file:///a"}, {"uri": "file:///b"}], "rootUri": "file:///c"},
            ["/a", "/b"],
        ),
        ({"workspaceFolders": None, "rootUri": "file:///c"}, ["/c"]),
        ({"workspaceFolders": [], "rootUri": "file:///c"}, ["/c"]),
        ({"rootUri": None, "rootPath": "/d"}, ["/d"]),
        ({"rootUri": None, "rootPath": "file:///d"}, ["/d"]),
        ({"rootUri": None, "rootPath": "d"}, []),
        ({"rootUri": "untitled:x"}, []),
        ({"workspaceFolders": [{"uri": "file:///a"}, {"uri": "file:///a/"}, "x", {"uri": 5}]}, ["/a"]),
        ({}, []),
    ],
)
def test_folders(params: dict[str, Any], folders: list[str]) -> None:
    assert read_opening(params).folders == tuple(map(Path, folders))


@pytest.mark.parametrize(("sent", "read"), [(5, 5), (None, None), ("5", None), (-1, None), (0, None)])
def test_process(sent: object, read: int | None) -> None:
    assert read_opening({"processId": sent}).process_id == read


@pytest.mark.parametrize("params", [None, [], "x", 5])
def test_what_is_no_object_opens_nothing(params: object) -> None:
    with pytest.raises(ValueError, match="object"):
        read_opening(params)


def test_diagnostics_are_pulled_where_the_client_can_be_told_to_ask_again() -> None:
    assert read_client(VSCODE).pull_diagnostics
    assert not read_client(NEOVIM).pull_diagnostics
    assert not read_client(EMACS).pull_diagnostics
    assert read_client({"textDocument": {"diagnostic": {"relatedDocumentSupport": True}}}).pull_diagnostics


def test_nothing_is_offered_that_the_client_cannot_use() -> None:
    bare = capabilities(read_client({}))
    assert bare.code_action_provider is None
    assert bare.diagnostic_provider is None
    assert capabilities(read_client(EMACS)).code_action_provider is not None


def test_units() -> None:
    assert [read_client(profile).unit for profile in (VSCODE, NEOVIM, EMACS)] == [
        Unit.UTF16,
        Unit.UTF8,
        Unit.UTF16,
    ]
