"""What documents are the policies of, in words, and the scopes around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apim_policy.flow.composition import Source
from apim_policy.flow.scopes import described, levels_of
from support.layers import API, FRAGMENT, GLOBAL, OPERATION, layers, policies
from support.workspaces import open_workspace, write_files

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    **layers(),
    "products/gold/policy.xml": policies(""),
    "products/gold/apis/orders/productApiInformation.json": "{}",
    "apis/orders-mcp/policy.xml": policies(""),
    "apis/orders-mcp/apiInformation.json": '{"properties": {"type": "mcp"}}',
    "apis/orders/resolvers/a/policy.xml": "<http-data-source />",
    "workspaces/team/policy.xml": policies(""),
    "workspaces/team/apis/x/policy.xml": policies(""),
    "elsewhere.xml": policies(""),
}


@pytest.mark.parametrize(
    ("name", "what", "around"),
    [
        (GLOBAL, "policy of all APIs", []),
        ("products/gold/policy.xml", 'product "gold"', ["policy of all APIs"]),
        (API, 'API "orders"', ['product "gold"', "policy of all APIs"]),
        (
            OPERATION,
            'operation "get-order" of the API "orders"',
            ['API "orders"', 'product "gold"', "policy of all APIs"],
        ),
        ("apis/orders-mcp/policy.xml", 'MCP server "orders-mcp"', ["policy of all APIs"]),
        ("workspaces/team/policy.xml", 'workspace "team"', ["policy of all APIs"]),
        ("workspaces/team/apis/x/policy.xml", 'API "x"', ['workspace "team"', "policy of all APIs"]),
        (FRAGMENT, 'fragment "common"', []),
        ("apis/orders/resolvers/a/policy.xml", 'resolver of the API "orders"', []),
        (
            "elsewhere.xml",
            "document",
            ["nothing says whose policy this is, so what base brings in is not known"],
        ),
    ],
)
def test_from_the_inside_outwards(tmp_path: Path, name: str, what: str, around: list[str]) -> None:
    root = write_files(tmp_path.resolve(), FILES)
    path = root / name
    workspace = open_workspace(root).around(path)
    info = workspace.info(path)
    assert described(info) == what
    levels = levels_of(workspace, info, Source(path, workspace.store.document(path)))
    shown = [level.sources[0].what if level.sources else level.missing for level in levels]
    assert [said for said in shown if said] == [what, *around]
