"""Headers that a tool takes as arguments, because the API's specification declares them."""

from __future__ import annotations

import json

import pytest

from support.mcp import look, workspace
from support.workspaces import check

YAML = """openapi: 3.0.3
paths:
  /:
    get:
      parameters:
        - name: X-User
          in: header
          schema: { type: string }
"""
FLOW = 'paths: { "/": { get: { parameters: [ { in: "header", name: "x-user" } ] } } }\n'
JSON = json.dumps({"paths": {"/": {"get": {"parameters": [{"in": "header", "name": "X-User"}]}}}})


@pytest.mark.parametrize(
    ("name", "text"),
    [("specification.yaml", YAML), ("specification.yml", FLOW), ("specification.json", JSON)],
)
def test_a_declared_header_arrives(name: str, text: str) -> None:
    files = workspace(api=look("X-User") + look("X-Other", mark="MCP002")) | {f"apis/orders-api/{name}": text}
    check(files, select=["MCP002"])


@pytest.mark.parametrize(
    "text", [YAML.replace("in: header", "in: query"), "", YAML.replace("X-User", "X-Else")]
)
def test_another_parameter_is_no_header(text: str) -> None:
    files = workspace(api=look("X-User", mark="MCP002")) | {"apis/orders-api/specification.yaml": text}
    check(files, select=["MCP002"])
