"""Pictures of headers as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from apim_policy.report.flow_json import render
from support.flows import FOLDER, drawn, specimen
from support.mcp import look, put, workspace

if TYPE_CHECKING:
    from pathlib import Path


def test_the_shape(tmp_path: Path) -> None:
    root = tmp_path.resolve()
    found = json.loads(render(drawn(root, workspace(put("X-User", "{{who}}"), look("X-User"))), root))
    assert found["version"] == 1
    (server,) = found["servers"]
    assert {key: server[key] for key in server if key != "ways"} == {
        "name": "orders-mcp",
        "file": "apis/orders-mcp/policy.xml",
        "confidence": "stated",
        "kind": "rest-backed",
        "kind_assumed": False,
        "mcp_header_forwarding": "unknown",
        "lost": ["X-User"],
    }
    (way,) = server["ways"]
    assert (way["tools"], way["api"], way["operation"], way["ends"]) == (
        ["orders-api/list-orders"],
        "orders-api",
        None,
        None,
    )
    assert way["layers"][1] == {
        "kind": "mcp",
        "name": "orders-mcp",
        "part": None,
        "files": ["apis/orders-mcp/policy.xml"],
    }
    header = way["headers"][0]
    assert (header["name"], header["outcome"], header["entering"][2]) == ("X-User", "lost", "set")
    assert header["events"][0] == {
        "kind": "set",
        "layer": 1,
        "certainty": "certain",
        "after": "set",
        "problem": False,
        "file": "apis/orders-mcp/policy.xml",
        "range": {"start": {"line": 3, "column": 9}, "end": {"line": 3, "column": 60}},
        "policy": "set-header",
        "section": "inbound",
        "fragment": None,
        "source": {"kind": "named-value", "names": ["who"]},
    }
    assert header["events"][1]["kind"] == "stopped"
    assert header["events"][1]["problem"] is True


def test_no_value_is_told(tmp_path: Path) -> None:
    root = tmp_path.resolve()
    inbound = put("X-A", "s3cret-literal") + put("X-B", '@("s3cret-code" + context.RequestId)')
    assert "s3cret" not in render(drawn(root, workspace(inbound)), root)


def test_no_servers() -> None:
    assert json.loads(render([], FOLDER)) == {"version": 1, "servers": []}


def test_any_name() -> None:
    name = '"\\ \u2028\x1b[31m</script>'
    assert json.loads(render([specimen(name)], FOLDER))["servers"][0]["name"] == name
