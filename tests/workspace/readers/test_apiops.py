from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from apim_policy.workspace.files import FileStore
from apim_policy.workspace.model import Confidence, McpKind, Scope
from apim_policy.workspace.readers.apiops import ApiopsFolder, ApiopsReader, FolderKey
from support.workspaces import write_files

if TYPE_CHECKING:
    from pathlib import Path

    from apim_policy.workspace.readers.statement import Statement

POLICY = "<policies />"
OPERATIONS = "/subscriptions/1/resourceGroups/r/providers/Microsoft.ApiManagement/service/s/apis"


def information(**properties: Any) -> str:
    return json.dumps({"properties": properties}, indent=2)


def tool(api: str, operation: str, name: str | None = None) -> dict[str, str]:
    return {"name": name or operation, "operationId": f"{OPERATIONS}/{api}/operations/{operation}"}


def folder(root: Path, workspace: str | None = None) -> ApiopsFolder:
    return ApiopsFolder(FolderKey(root, workspace), FileStore())


def statement(path: Path) -> Statement:
    (said,) = ApiopsReader(FileStore()).statements(path)
    return said


def mcp(root: Path, **properties: Any) -> Statement:
    write_files(root, {"apis/s/apiInformation.json": information(**properties), "apis/s/policy.xml": POLICY})
    return statement(root / "apis/s/policy.xml")


@pytest.mark.parametrize(
    "properties",
    [
        {"type": "mcp"},
        {"type": "MCP"},
        {"apiType": "mcp"},
        {"type": "http", "apiType": "mcp"},
        {"Type": "mcp"},
    ],
)
def test_type_or_api_type_makes_an_mcp_server(tmp_path: Path, properties: dict[str, str]) -> None:
    said = mcp(tmp_path, **properties)
    assert (said.scope, said.api, said.confidence) == (Scope.MCP, "s", Confidence.STATED)
    assert said.evidence[0].text in ("type is mcp", "apiType is mcp")
    assert said.evidence[0].path == tmp_path / "apis/s/apiInformation.json"


def test_evidence_is_the_exact_member(tmp_path: Path) -> None:
    text = '{\n  "properties": {\n    "type" : "mcp"\n  }\n}'
    write_files(tmp_path, {"apis/s/apiInformation.json": text, "apis/s/policy.xml": POLICY})
    (evidence,) = statement(tmp_path / "apis/s/policy.xml").evidence
    assert (text[slice(*evidence.span)], evidence.line) == ('"type" : "mcp"', 2)


def test_tools_make_it_rest_backed(tmp_path: Path) -> None:
    said = mcp(
        tmp_path,
        type="mcp",
        serviceUrl="https://example.com",
        mcpTools=[tool("orders", "list"), tool("items", "get", "get_item"), tool("orders", "create")],
    )
    assert said.kind is McpKind.REST_BACKED
    assert said.tools_from == ("orders", "items")
    assert [(item.name, item.api, item.operation) for item in said.tools] == [
        ("list", "orders", "list"),
        ("get_item", "items", "get"),
        ("create", "orders", "create"),
    ]
    evidence = said.tools[1].evidence
    assert evidence is not None
    assert evidence.text == 'tool "get_item" calls items/get'
    text = (tmp_path / "apis/s/apiInformation.json").read_text()
    assert json.loads(text[slice(*evidence.span)])["name"] == "get_item"


def test_tools_alone_make_an_mcp_server(tmp_path: Path) -> None:
    said = mcp(tmp_path, mcptools=[tool("orders", "list")])
    assert (said.scope, said.kind) == (Scope.MCP, McpKind.REST_BACKED)
    assert said.evidence[0].text == "it has mcpTools"


@pytest.mark.parametrize("backend", [{"backendId": "b"}, {"serviceUrl": "https://example.com"}])
def test_a_backend_without_tools_makes_it_passthrough(tmp_path: Path, backend: dict[str, str]) -> None:
    said = mcp(tmp_path, type="mcp", mcpTools=[], **backend)
    assert (said.kind, said.tools_from) == (McpKind.PASSTHROUGH, ())
    assert [item.text for item in said.evidence] == ["type is mcp", "it has a backend and no tools"]


def test_neither_tools_nor_backend_leave_the_kind_open(tmp_path: Path) -> None:
    said = mcp(tmp_path, type="mcp", mcpProperties={"transportType": "streamable"})
    assert (said.scope, said.kind, said.tools_from) == (Scope.MCP, None, ())


@pytest.mark.parametrize(
    "bad", [{"name": "x"}, {"name": "x", "operationId": "${operation.id}"}, "x", None, 7]
)
def test_a_list_of_tools_that_cannot_all_be_read_is_no_list_of_all_tools(tmp_path: Path, bad: object) -> None:
    said = mcp(tmp_path, type="mcp", mcpTools=[tool("orders", "list"), bad])
    assert said.kind is McpKind.REST_BACKED
    assert said.tools_from == ("orders",)
    assert said.tools == ()


@pytest.mark.parametrize(
    ("operation_id", "api"),
    [
        ("/apis/orders/operations/list", "orders"),
        ("apis/orders/operations/list", "orders"),
        (f"{OPERATIONS}/Orders/operations/list", "orders"),
        (f"{OPERATIONS}/orders;rev=3/operations/list", "orders"),
        (f"{OPERATIONS}/orders;rev=2/operations/list", "orders;rev=2"),
        (f"{OPERATIONS}/elsewhere;rev=2/operations/list", "elsewhere"),
    ],
)
def test_tools_name_apis_as_their_folders_do(tmp_path: Path, operation_id: str, api: str) -> None:
    write_files(tmp_path, {"apis/orders/policy.xml": POLICY, "apis/orders;rev=2/policy.xml": POLICY})
    said = mcp(tmp_path, type="mcp", mcpTools=[{"name": "t", "operationId": operation_id}])
    assert said.tools_from == (api,)


@pytest.mark.parametrize("type_", ["http", "soap", "websocket", None])
def test_other_apis_are_no_mcp_servers_whatever_they_are_called(tmp_path: Path, type_: str | None) -> None:
    properties = {"type": type_} if type_ else {"displayName": "MCP"}
    write_files(
        tmp_path, {"apis/mcp/apiInformation.json": information(**properties), "apis/mcp/policy.xml": POLICY}
    )
    said = statement(tmp_path / "apis/mcp/policy.xml")
    assert (said.scope, said.api) == (Scope.API, "mcp")
    assert said.evidence[0].text == (f"type is {type_}" if type_ else 'describes the API "mcp"')
    api = folder(tmp_path).api("mcp")
    assert api is not None
    assert (api.type, api.mcp) == (type_, None)


def test_the_whole_layout(tmp_path: Path) -> None:
    names = {
        "policy.xml": (Scope.GLOBAL, None, None, None, None, None),
        "apis/a/policy.xml": (Scope.API, None, None, "a", None, None),
        "apis/a/operations/o/policy.xml": (Scope.OPERATION, None, None, "a", "o", None),
        "apis/a/resolvers/r/policy.xml": (Scope.RESOLVER, None, None, "a", None, None),
        "products/p/policy.xml": (Scope.PRODUCT, None, "p", None, None, None),
        "policy fragments/f/policy.xml": (Scope.FRAGMENT, None, None, None, None, "f"),
        "policyFragments/g/policy.xml": (Scope.FRAGMENT, None, None, None, None, "g"),
        "workspaces/w/policy.xml": (Scope.WORKSPACE, "w", None, None, None, None),
        "workspaces/w/apis/a/policy.xml": (Scope.API, "w", None, "a", None, None),
    }
    write_files(
        tmp_path, dict.fromkeys(names, POLICY) | {"products/p/productInformation.json": information()}
    )
    reader = ApiopsReader(FileStore())
    for name, expected in names.items():
        (said,) = reader.statements(tmp_path / name)
        assert (said.scope, said.workspace, said.product, said.api, said.operation, said.fragment) == expected
        assert said.confidence is Confidence.STATED
        assert said.evidence


@pytest.mark.parametrize(
    "proof",
    [
        "apis/other/apiInformation.json",
        "products/p/productInformation.json",
        "policy fragments/f/policyFragmentInformation.json",
        "policyFragments/f/policyFragmentInformation.json",
        "workspaces/w/apis/x/apiInformation.json",
    ],
)
def test_one_file_of_the_tool_proves_the_folder(tmp_path: Path, proof: str) -> None:
    write_files(tmp_path, {"apis/a/policy.xml": POLICY})
    assert ApiopsReader(FileStore()).statements(tmp_path / "apis/a/policy.xml") == ()
    write_files(tmp_path, {proof: "{}"})
    assert statement(tmp_path / "apis/a/policy.xml").scope is Scope.API


def test_other_files_are_not_spoken_of(tmp_path: Path) -> None:
    write_files(
        tmp_path, {"apis/a/apiInformation.json": "{}", "apis/a/draft.xml": POLICY, "x/policy.xml": POLICY}
    )
    reader = ApiopsReader(FileStore())
    assert reader.statements(tmp_path / "apis/a/draft.xml") == ()
    assert reader.statements(tmp_path / "x/policy.xml") == ()


def test_facts_of_an_api(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "apis/orders/apiInformation.json": information(
                type="http", subscriptionRequired=False, subscriptionKeyParameterNames={"header": "api-key"}
            ),
            "apis/orders/policy.xml": POLICY,
            "apis/orders/operations/create/policy.xml": POLICY,
            "apis/orders/operations/list/readme.md": "",
            "products/old/apis/orders/productApiInformation.json": "{}",
            "products/new/apis.json": '[{"name": "ORDERS"}, {"name": "x"}, 7, {}]',
            "products/other/apis.json": '[{"name": "items"}]',
        },
    )
    api = folder(tmp_path).api("Orders")
    assert api is not None
    assert (api.name, api.type, api.key_header) == ("orders", "http", "api-key")
    assert api.subscription_required is not None
    assert api.subscription_required.value is False
    assert api.subscription_required.evidence.text == "subscriptionRequired is false"
    assert api.policy == tmp_path / "apis/orders/policy.xml"
    assert api.operation_policies == {"create": tmp_path / "apis/orders/operations/create/policy.xml"}
    assert api.products == ("new", "old")


@pytest.mark.parametrize("header", ["Ocp-Apim-Subscription-Key", "ocp-apim-subscription-key", "", None, 7])
def test_the_usual_key_header_is_no_other(tmp_path: Path, header: object) -> None:
    text = information(subscriptionKeyParameterNames={"header": header}, subscriptionRequired="yes")
    write_files(tmp_path, {"apis/a/apiInformation.json": text})
    api = folder(tmp_path).api("a")
    assert api is not None
    assert api.key_header is None
    assert api.subscription_required is None
    assert api.policy is None


def test_facts_of_a_product(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "products/starter/productInformation.json": information(subscriptionRequired=True),
            "products/starter/policy.xml": POLICY,
            "products/starter/apis.json": '[{"name": "orders"}]',
        },
    )
    product = folder(tmp_path).product("STARTER")
    assert product is not None
    assert (product.name, product.apis, product.policy) == (
        "starter",
        ("orders",),
        tmp_path / "products/starter/policy.xml",
    )
    assert product.subscription_required is not None
    assert product.subscription_required.value is True
    assert folder(tmp_path).product("other") is None


def test_fragments_and_their_inventory(tmp_path: Path) -> None:
    write_files(tmp_path, {"apis/a/apiInformation.json": "{}"})
    assert not folder(tmp_path).lists_fragments
    write_files(
        tmp_path, {"policyFragments/auth/policy.xml": "<fragment/>", "policyFragments/empty/x.json": "{}"}
    )
    found = folder(tmp_path)
    assert found.lists_fragments
    assert found.fragment("Auth") == tmp_path / "policyFragments/auth/policy.xml"
    assert found.fragment("empty") is None


def test_a_workspace_has_its_own_apis_and_may_see_the_fragments_of_its_service(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "policy.xml": POLICY,
            "apis/a/apiInformation.json": "{}",
            "policy fragments/f/policy.xml": "<fragment/>",
            "workspaces/w/policy.xml": POLICY,
            "workspaces/w/apis/b/apiInformation.json": "{}",
        },
    )
    inner = folder(tmp_path, "w")
    assert inner.api_names == ["b"]
    assert inner.global_policy == tmp_path / "policy.xml"
    assert inner.workspace_policy("w") == tmp_path / "workspaces/w/policy.xml"
    assert inner.fragment("f") == tmp_path / "policy fragments/f/policy.xml"
    assert folder(tmp_path).api_names == ["a"]


def test_mcp_servers_are_known_without_a_policy(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "apis/a/apiInformation.json": information(type="mcp"),
            "apis/b/apiInformation.json": information(type="mcp"),
            "apis/b/policy.xml": POLICY,
            "apis/c/apiInformation.json": information(description="not an mcp server"),
        },
    )
    servers = folder(tmp_path).mcp_servers
    assert [(server.api, server.missing) for server in servers] == [("a", True), ("b", False)]
    assert servers[0].path == tmp_path / "apis/a/policy.xml"
    assert servers[0].mcp is not None
    assert servers[0].mcp.kind_assumed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        '{"properties": 7}',
        '{"properties": {"type": 7, "mcpTools": {}}}',
        "[" * 100_000,
        b"\xff\xfe\x00",
    ],
)
def test_hostile_information_is_no_evidence_and_breaks_nothing(tmp_path: Path, text: str | bytes) -> None:
    write_files(tmp_path, {"apis/mcp/apiInformation.json": text, "apis/mcp/policy.xml": POLICY})
    assert statement(tmp_path / "apis/mcp/policy.xml").scope is Scope.API
    api = folder(tmp_path).api("mcp")
    assert api is not None
    assert (api.type, api.mcp, api.subscription_required) == (None, None, None)
