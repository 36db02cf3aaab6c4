from __future__ import annotations

from pathlib import Path

import pytest

from apim_policy.workspace.model import Confidence, PathForm, Scope
from apim_policy.workspace.readers.path import PathReader, path_form


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("mcp-server/policy.xml", PathForm.MCP_SERVER),
        ("apim-mcp-server/policy.xml", PathForm.MCP_SERVER),
        ("mcp-servers/orders.xml", PathForm.MCP_SERVER),
        ("mcp_server/policy.xml", PathForm.MCP_SERVER),
        ("ordersMcpServer/policy.xml", PathForm.MCP_SERVER),
        ("policies/orders-mcp-server.policy.xml", PathForm.MCP_SERVER),
        ("mcp-api.policy.xml", PathForm.MCP),
        ("src/mcp/policy.xml", PathForm.MCP),
        ("src/apim-mcp/auth.xml", PathForm.MCP),
        ("mcp-server/api/policy.xml", None),
        ("mcp/src/orders/policy.xml", None),
        ("mcpaccess/policy.xml", None),
        ("compact/policy.xml", None),
        ("policy.xml", None),
    ],
)
def test_only_the_own_folder_and_name_speak_of_mcp_servers(path: str, form: PathForm | None) -> None:
    assert path_form(Path("/project") / path) is form


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("apis/orders/policy.xml", (Scope.API, "orders", None, None, None)),
        ("apis/orders/operations/create/policy.xml", (Scope.OPERATION, "orders", "create", None, None)),
        ("apis/graph/resolvers/user/policy.xml", (Scope.RESOLVER, "graph", None, None, None)),
        ("products/starter/policy.xml", (Scope.PRODUCT, None, None, "starter", None)),
        ("products/mcp/policy.xml", (Scope.PRODUCT, None, None, "mcp", None)),
        ("policy fragments/auth/policy.xml", (Scope.FRAGMENT, None, None, None, "auth")),
        ("apis/orders-mcp/policy.xml", (Scope.MCP, "orders-mcp", None, None, None)),
        ("apis/orders-mcp/operations/x/policy.xml", (Scope.OPERATION, "orders-mcp", "x", None, None)),
        ("mcp/orders.xml", (Scope.MCP, None, None, None, None)),
    ],
)
def test_what_a_path_looks_like_is_an_assumption(path: str, expected: tuple[object, ...]) -> None:
    (said,) = PathReader().statements(Path("/project") / path)
    assert (said.scope, said.api, said.operation, said.product, said.fragment) == expected
    assert said.confidence is Confidence.ASSUMED
    assert (said.path_form is not None) is (said.scope is Scope.MCP)
    assert said.evidence[0].path == Path("/project") / path


@pytest.mark.parametrize("path", ["policy.xml", "orders/policy.xml", "apis/orders/api.xml"])
def test_most_paths_say_nothing(path: str) -> None:
    assert PathReader().statements(Path("/project") / path) == ()
