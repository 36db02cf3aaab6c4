"""``apim-policy flow``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from support.command import apim_policy
from support.mcp import AUTOMATIC, look, put, workspace
from support.workspaces import write_files

if TYPE_CHECKING:
    from pathlib import Path

FILES = workspace("<base />\n" + put("X-User", "a"), look("X-User")) | {
    "apis/other-mcp/apiInformation.json": '{"properties": {"type": "mcp", "backendId": "b"}}'
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(write_files(tmp_path, FILES))
    return tmp_path


def servers(*arguments: str) -> list[str]:
    result = apim_policy("flow", "--output-format", "json", *arguments)
    assert result.status == 0, result.err
    return [server["name"] for server in result.json["servers"]]


def test_all_servers_of_a_folder() -> None:
    assert servers() == ["orders-mcp", "other-mcp"]
    assert servers(".") == ["orders-mcp", "other-mcp"]


@pytest.mark.parametrize(
    "name", ["orders-mcp", "Orders-MCP", "apis/orders-mcp/policy.xml", "apis/orders-mcp"]
)
def test_a_server_by_its_name_and_by_its_path(name: str) -> None:
    assert servers(name) == ["orders-mcp"]


def test_a_folder_of_that_name_without_servers_hides_none(folder: Path) -> None:
    write_files(folder, {"orders-mcp/notes.txt": ""})
    assert servers("orders-mcp") == ["orders-mcp"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("order-mcp", 'There is no MCP server "order-mcp". Did you mean "orders-mcp"?'),
        ("zzz", 'There is no MCP server "zzz". The MCP servers are orders-mcp and other-mcp.'),
        (
            "apis/orders-api/policy.xml",
            '"apis/orders-api/policy.xml" is not the policy of an MCP server. To see what it was taken for: '
            "apim-policy scopes apis/orders-api/policy.xml",
        ),
    ],
)
def test_a_server_that_is_not_there(name: str, message: str) -> None:
    result = apim_policy("flow", name)
    assert (result.status, result.out) == (2, b"")
    assert result.err == f"apim-policy: {message}\n"


def test_a_folder_without_servers(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write_files(folder / "apis/orders-api", {}))
    result = apim_policy("flow")
    assert (result.status, result.text, result.err) == (0, "There are no MCP servers in this folder.\n", "")
    assert apim_policy("flow", "--output-format", "json").json == {"version": 1, "servers": []}


def test_a_name_is_looked_for_in_the_whole_project(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder / "apis/orders-api")
    assert servers("orders-mcp") == ["orders-mcp"]


def test_a_name_where_there_are_no_servers(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = folder / "empty"
    (empty / ".git").mkdir(parents=True)
    monkeypatch.chdir(empty)
    result = apim_policy("flow", "orders-mcp")
    assert result.status == 2
    assert 'There is no MCP server "orders-mcp": there are no MCP servers in this folder.' in result.err


def test_text_says_what_is_lost() -> None:
    result = apim_policy("flow", "orders-mcp")
    assert result.status == 0
    assert "  Lost on the way: X-User." in result.text.splitlines()
    assert "apis/orders-mcp/policy.xml:4:9" in result.text


def test_the_settings_say_what_the_gateway_forwards(folder: Path) -> None:
    write_files(folder, {"apim-policy.toml": AUTOMATIC})
    assert "No header is lost." in apim_policy("flow", "orders-mcp").text
    assert "Lost on the way" in apim_policy("flow", "orders-mcp", "--no-config").text


def test_the_page_goes_to_a_file_and_links_from_there(folder: Path) -> None:
    (folder / "out").mkdir()
    result = apim_policy("flow", "--output-format", "html", "--output-file", "out/flow.html")
    assert (result.status, result.out) == (0, b"")
    page = (folder / "out/flow.html").read_text("utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert 'href="./../apis/orders-mcp/policy.xml#L4"' in page
    assert str(folder) not in page


def test_mermaid() -> None:
    assert apim_policy("flow", "--output-format", "mermaid").text.startswith("flowchart LR\n")


def test_settings_that_cannot_be_used(folder: Path) -> None:
    write_files(folder, {"apim-policy.toml": "profil = 1\n"})
    result = apim_policy("flow")
    assert result.status == 2
    assert "apim-policy.toml:1" in result.err


def test_the_same_twice() -> None:
    first, second = (apim_policy("flow", "--output-format", "json").out for _ in range(2))
    assert json.loads(first) == json.loads(second)


def test_a_broken_document_is_drawn_as_far_as_it_goes(folder: Path) -> None:
    broken = (
        '<policies><inbound><base /><set-header name="X-A"><value>1</value></set-header><set-header name='
    )
    write_files(folder, {"apis/orders-mcp/policy.xml": broken})
    result = apim_policy("flow", "orders-mcp")
    assert result.status == 0
    assert "X-A stops at the boundary" in result.text
