"""``apim-policy scopes``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.command import apim_policy
from support.workspaces import write_files

if TYPE_CHECKING:
    from pathlib import Path

POLICY = "<policies><inbound><base /></inbound></policies>\n"
FILES = {
    "apis/orders-mcp/apiInformation.json": '{"properties": {"type": "mcp", "mcpTools": [{"name": "get", "operationId": "/apis/orders-api/operations/get"}]}}',
    "apis/orders-mcp/policy.xml": POLICY,
    "apis/orders-api/apiInformation.json": '{"properties": {"type": "http"}}',
    "apis/orders-api/policy.xml": POLICY,
    "apis/orders-api/operations/get/policy.xml": POLICY,
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(write_files(tmp_path, FILES))
    return tmp_path


def test_json():
    result = apim_policy("scopes", "--output-format", "json")
    assert result.status == 0
    assert result.json["version"] == 1
    found = {
        item["file"]: (item["scope"], item["api"], item["operation"]) for item in result.json["documents"]
    }
    assert found == {
        "apis/orders-api/operations/get/policy.xml": ("operation", "orders-api", "get"),
        "apis/orders-api/policy.xml": ("api", "orders-api", None),
        "apis/orders-mcp/policy.xml": ("mcp", "orders-mcp", None),
    }
    mcp = result.json["documents"][2]
    assert mcp["mcp"] == {"kind": "rest-backed", "tools_from": ["orders-api"]}
    assert mcp["confidence"] == "stated"
    assert mcp["evidence"][0]["file"] == "apis/orders-mcp/apiInformation.json"


def test_one_document_is_seen_in_its_surroundings():
    result = apim_policy("scopes", "apis/orders-mcp/policy.xml")
    assert result.text.splitlines()[1].split()[:3] == ["apis/orders-mcp/policy.xml", "mcp", "stated"]
    assert "tools from orders-api" in result.text


def test_a_path_that_does_not_exist():
    result = apim_policy("scopes", "gone.xml", "apis/orders-api/policy.xml")
    assert result.status == 2
    assert '"gone.xml" was not checked: it does not exist.' in result.err
    assert "API orders-api" in result.text
