"""What each document was taken for, as a table and as JSON."""

from __future__ import annotations

from apim_policy.report import scopes
from apim_policy.report.style import PLAIN
from apim_policy.text.span import Span
from apim_policy.workspace.model import Confidence, DocumentInfo, Evidence, McpKind, McpServer, Scope
from support.findings import FOLDER

INFORMATION = FOLDER / "apis" / "orders-mcp" / "apiInformation.json"
MCP = DocumentInfo(
    FOLDER / "apis" / "orders-mcp" / "policy.xml",
    Scope.MCP,
    Confidence.STATED,
    (
        Evidence(INFORMATION, Span(20, 30), 2, "type is mcp"),
        Evidence(INFORMATION, Span(40, 50), 5, "a tool calls orders-api"),
    ),
    api="orders-mcp",
    mcp=McpServer("orders-mcp", McpKind.REST_BACKED, kind_assumed=False, tools_from=("orders-api",)),
)
LONE = DocumentInfo(FOLDER / "lone.xml", Scope.UNKNOWN, Confidence.NONE)
SHARED = DocumentInfo(
    FOLDER / "shared.xml",
    Scope.API,
    Confidence.STATED,
    api="a",
    also=(DocumentInfo(FOLDER / "shared.xml", Scope.OPERATION, Confidence.STATED, api="b", operation="get"),),
)


def test_table():
    assert (
        scopes.render([MCP, LONE, SHARED], FOLDER, PLAIN)
        == """\
Document                    Scope      Confidence  Of
apis/orders-mcp/policy.xml  mcp        stated      MCP server orders-mcp, rest-backed, tools from orders-api
  apis/orders-mcp/apiInformation.json:3 type is mcp
  apis/orders-mcp/apiInformation.json:6 a tool calls orders-api
lone.xml                    unknown    none
shared.xml                  api        stated      API a
                            operation  stated      API b, operation get
"""
    )


def test_json_of_an_mcp_server():
    assert scopes.as_object(MCP, FOLDER) == {
        "file": "apis/orders-mcp/policy.xml",
        "scope": "mcp",
        "workspace": None,
        "product": None,
        "api": "orders-mcp",
        "operation": None,
        "fragment": None,
        "mcp": {"kind": "rest-backed", "tools_from": ["orders-api"]},
        "confidence": "stated",
        "evidence": [
            {"file": "apis/orders-mcp/apiInformation.json", "line": 3, "text": "type is mcp"},
            {"file": "apis/orders-mcp/apiInformation.json", "line": 6, "text": "a tool calls orders-api"},
        ],
    }


def test_json_of_a_document_that_nothing_speaks_of():
    found = scopes.as_object(LONE, FOLDER)
    assert (found["scope"], found["confidence"], found["mcp"], found["evidence"]) == (
        "unknown",
        "none",
        None,
        [],
    )
    assert "also" not in found


def test_json_of_a_document_that_several_resources_load():
    found = scopes.as_object(SHARED, FOLDER)
    assert [other["operation"] for other in found["also"]] == ["get"]
