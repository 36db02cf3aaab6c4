from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from apim_policy.workspace.model import Confidence, McpKind, Scope
from support.workspaces import check, open_workspace, write_files

if TYPE_CHECKING:
    from pathlib import Path

    from apim_policy.workspace.model import DocumentInfo
    from apim_policy.workspace.workspace import Workspace

POLICY = "<policies />"
PROVIDER = "Microsoft.ApiManagement/service"
SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"


def template(*resources: dict[str, Any], **members: Any) -> str:
    return json.dumps({"$schema": SCHEMA, **members, "resources": list(resources)}, indent=2)


def resource(kind: str, full_name: str, **properties: Any) -> dict[str, Any]:
    return {"type": f"{PROVIDER}/{kind}", "name": full_name, "properties": properties}


def named(*names: str) -> str:
    """A name below a service whose own name is a parameter."""
    return f"[concat(parameters('service'), '/{'/'.join(names)}')]"


def policy(kind: str, name: str, link: str, format_: str = "rawxml-link") -> dict[str, Any]:
    return resource(kind, name, format=format_, value=link)


def opened(
    root: Path, *resources: dict[str, Any], files: tuple[str, ...] = ("policies/a.xml",), **members: Any
) -> Workspace:
    write_files(root, {"main.json": template(*resources, **members), **dict.fromkeys(files, POLICY)})
    return open_workspace(root)


def info(root: Path, *resources: dict[str, Any], **members: Any) -> DocumentInfo:
    return opened(root, *resources, **members).info(root / "policies/a.xml")


LINK = "[concat(parameters('base'), '/a.xml')]"


@pytest.mark.parametrize(
    ("kind", "names", "scope", "said"),
    [
        ("policies", ("policy",), Scope.GLOBAL, (None, None, None, None)),
        ("products/policies", ("gold", "policy"), Scope.PRODUCT, ("gold", None, None, None)),
        ("apis/policies", ("orders", "policy"), Scope.API, (None, "orders", None, None)),
        ("apis/policies", ("orders;rev=2", "policy"), Scope.API, (None, "orders;rev=2", None, None)),
        (
            "apis/operations/policies",
            ("orders", "list", "policy"),
            Scope.OPERATION,
            (None, "orders", "list", None),
        ),
        ("policyFragments", ("auth",), Scope.FRAGMENT, (None, None, None, "auth")),
        ("apis/resolvers/policies", ("shop", "r", "policy"), Scope.RESOLVER, (None, "shop", None, None)),
    ],
)
def test_type_and_name_say_whose_policy_it_is(
    tmp_path: Path, kind: str, names: tuple[str, ...], scope: Scope, said: tuple[str | None, ...]
) -> None:
    found = info(tmp_path, policy(kind, named(*names), LINK))
    assert (found.scope, found.confidence) == (scope, Confidence.STATED)
    assert (found.product, found.api, found.operation, found.fragment) == said


def test_policies_of_workspaces(tmp_path: Path) -> None:
    found = info(tmp_path, policy("workspaces/apis/policies", named("team", "orders", "policy"), LINK))
    assert (found.scope, found.workspace, found.api) == (Scope.API, "team", "orders")
    found = info(tmp_path, policy("workspaces/policies", named("team", "policy"), LINK))
    assert (found.scope, found.workspace) == (Scope.WORKSPACE, "team")


@pytest.mark.parametrize(
    "link",
    [
        LINK,
        "[concat(parameters('base'), '/policies/a.xml', parameters('token'))]",
        "[concat(parameters('base'), 'a.xml')]",
        "[format('{0}/policies/a.xml', parameters('base'))]",
        "[uri(deployment().properties.templateLink.uri, 'policies/a.xml')]",
        "[uri(parameters('base'), variables('file'))]",
        "https://raw.githubusercontent.com/contoso/apis/main/policies/a.xml?token=1",
    ],
)
def test_links_lead_to_files_beside_the_template(tmp_path: Path, link: str) -> None:
    found = info(
        tmp_path,
        policy("apis/policies", named("orders", "policy"), link),
        variables={"file": "policies/a.xml"},
    )
    assert (found.scope, found.api) == (Scope.API, "orders")


@pytest.mark.parametrize(
    "link",
    [
        "[parameters('link')]",
        "[concat(parameters('base'), '/other/a.xml')]",
        "[concat(parameters('base'), '/../../../etc/passwd')]",
        "[concat(",
        "[concat('a.xml' 'b')]",
        "[variables('self')]",
        "[" + "concat(" * 500 + "'a.xml'" + ")" * 500 + "]",
        "<policies><inbound>a.xml</inbound></policies>",
    ],
)
def test_links_that_lead_nowhere_say_nothing(tmp_path: Path, link: str) -> None:
    variables = {"self": "[variables('self')]"}
    found = info(tmp_path, policy("apis/policies", named("orders", "policy"), link), variables=variables)
    assert found.scope is Scope.UNKNOWN


def test_inline_policies_load_no_file(tmp_path: Path) -> None:
    found = info(tmp_path, policy("apis/policies", named("orders", "policy"), "a.xml", "rawxml"))
    assert found.scope is Scope.UNKNOWN


def test_names_come_from_defaults_and_variables(tmp_path: Path) -> None:
    found = info(
        tmp_path,
        policy("apis/policies", "[format('{0}/{1}/policy', parameters('service'), variables('api'))]", LINK),
        parameters={"service": {"type": "string"}, "name": {"defaultValue": "orders"}},
        variables={"api": "[concat(parameters('name'), '-v1')]"},
    )
    assert found.api == "orders-v1"


def test_a_name_that_nobody_can_tell_leaves_the_api_open(tmp_path: Path) -> None:
    found = info(
        tmp_path,
        policy("apis/policies", "[concat(parameters('service'), '/', parameters('api'), '/policy')]", LINK),
    )
    assert (found.scope, found.api) == (Scope.API, None)


def test_resources_inside_resources(tmp_path: Path) -> None:
    inner = {"type": "policies", "name": "policy", "properties": {"format": "xml-link", "value": LINK}}
    api = {"type": "apis", "name": "orders", "properties": {}, "resources": [inner]}
    found = info(tmp_path, {"type": PROVIDER, "name": "[parameters('service')]", "resources": [api]})
    assert (found.scope, found.api) == (Scope.API, "orders")


def test_templates_inside_templates(tmp_path: Path) -> None:
    inner = {
        "parameters": {"api": {"type": "string"}},
        "resources": {"it": policy("apis/policies", "[concat('s/', parameters('api'), '/policy')]", LINK)},
    }
    deployment = {
        "type": "Microsoft.Resources/deployments",
        "name": "inner",
        "properties": {"parameters": {"api": {"value": "orders"}}, "template": inner},
    }
    found = info(tmp_path, deployment)
    assert (found.scope, found.api) == (Scope.API, "orders")


def tool(api: str, operation: str) -> dict[str, str]:
    id_ = f"[resourceId('{PROVIDER}/apis/operations', parameters('service'), '{api}', '{operation}')]"
    return {"name": operation, "operationId": id_}


def test_an_mcp_server_and_its_tools(tmp_path: Path) -> None:
    server = resource(
        "apis", named("server"), type="mcp", mcpTools=[tool("orders", "list"), tool("items", "get")]
    )
    found = info(tmp_path, policy("apis/policies", named("server", "policy"), LINK), server)
    assert found.scope is Scope.MCP
    assert found.mcp is not None
    assert (found.mcp.kind, found.mcp.kind_assumed) == (McpKind.REST_BACKED, False)
    assert [(item.name, item.api, item.operation) for item in found.mcp.tools] == [
        ("list", "orders", "list"),
        ("get", "items", "get"),
    ]
    assert [item.text for item in found.evidence] == [
        'it is loaded as the policy of the API "server"',
        "type is mcp",
    ]
    text = (tmp_path / "main.json").read_text()
    assert [text[slice(*item.span)] for item in found.evidence] == [f'"value": "{LINK}"', '"type": "mcp"']


def test_tools_that_are_resources(tmp_path: Path) -> None:
    found = info(
        tmp_path,
        policy("apis/policies", named("server", "policy"), LINK),
        resource("apis", named("server"), type="mcp"),
        resource("apis/tools", named("server", "first"), **tool("orders", "list")),
        resource("apis/tools", named("server", "second"), **tool("orders", "get")),
    )
    assert found.mcp is not None
    assert not found.mcp.kind_assumed
    assert [(item.name, item.operation) for item in found.mcp.tools] == [("first", "list"), ("second", "get")]
    assert found.mcp.tools_from == ("orders",)


def test_a_tool_that_nobody_can_tell_leaves_the_list_open(tmp_path: Path) -> None:
    unknown = {"name": "x", "operationId": "[parameters('operation')]"}
    server = resource("apis", named("server"), type="mcp", mcpTools=[tool("orders", "list"), unknown])
    found = info(tmp_path, policy("apis/policies", named("server", "policy"), LINK), server)
    assert found.mcp is not None
    assert (found.mcp.tools_from, found.mcp.tools) == (("orders",), ())


def test_a_server_with_a_backend_is_passthrough(tmp_path: Path) -> None:
    server = resource("apis", named("server"), type="mcp", serviceUrl="[parameters('url')]")
    found = info(tmp_path, policy("apis/policies", named("server", "policy"), LINK), server)
    assert found.mcp is not None
    assert found.mcp.kind is McpKind.PASSTHROUGH


def test_tools_that_come_as_a_parameter_leave_the_kind_open(tmp_path: Path) -> None:
    server = resource("apis", named("server"), type="mcp", serviceUrl="x", mcpTools="[parameters('tools')]")
    found = info(tmp_path, policy("apis/policies", named("server", "policy"), LINK), server)
    assert found.mcp is not None
    assert found.mcp.kind_assumed


def test_an_ordinary_api_called_mcp_is_none(tmp_path: Path) -> None:
    files = ("mcp-server/a.xml",)
    link = "[concat(parameters('base'), '/mcp-server/a.xml')]"
    api = resource("apis", named("mcp"), type="http")
    workspace = opened(tmp_path, policy("apis/policies", named("mcp", "policy"), link), api, files=files)
    assert workspace.info(tmp_path / files[0]).scope is Scope.API


@pytest.mark.parametrize("resources", [(), (resource("apis", named("mcp"), type="[parameters('type')]"),)])
def test_where_nothing_says_the_kind_of_api_the_path_still_counts(
    tmp_path: Path, resources: tuple[dict[str, Any], ...]
) -> None:
    files = ("mcp-server/a.xml",)
    link = "[concat(parameters('base'), '/mcp-server/a.xml')]"
    workspace = opened(
        tmp_path, policy("apis/policies", named("mcp", "policy"), link), *resources, files=files
    )
    found = workspace.info(tmp_path / files[0])
    assert (found.scope, found.confidence) == (Scope.MCP, Confidence.ASSUMED)


def test_apis_and_products_without_policies_are_known(tmp_path: Path) -> None:
    workspace = opened(
        tmp_path,
        policy("apis/policies", named("orders", "policy"), LINK),
        resource(
            "apis",
            named("orders"),
            subscriptionRequired=True,
            subscriptionKeyParameterNames={"header": "api-key"},
        ),
        resource("apis", named("other"), type="websocket"),
        resource("products", named("gold"), subscriptionRequired=False),
        resource("products/apis", named("gold", "orders")),
        resource(
            "products/apiLinks", named("gold", "link"), apiId=f"[resourceId('{PROVIDER}/apis', 's', 'other')]"
        ),
    ).around(tmp_path / "policies/a.xml")
    assert [(api.name, api.type, api.products) for api in workspace.apis] == [
        ("orders", None, ("gold",)),
        ("other", "websocket", ("gold",)),
    ]
    api, product = workspace.api("orders"), workspace.product("gold")
    assert api is not None
    assert product is not None
    assert (api.key_header, api.policy) == ("api-key", tmp_path / "policies/a.xml")
    assert api.subscription_required is not None
    assert api.subscription_required.value
    assert product.subscription_required is not None
    assert not product.subscription_required.value


def test_templates_of_different_folders_are_different_services(tmp_path: Path) -> None:
    for name in ("one", "two"):
        text = template(policy("apis/policies", named("orders", "policy"), LINK))
        write_files(tmp_path, {f"{name}/main.json": text, f"{name}/policies/a.xml": POLICY})
    workspace = open_workspace(tmp_path)
    api = workspace.around(tmp_path / "two/policies/a.xml").api("orders")
    assert api is not None
    assert api.policy == tmp_path / "two/policies/a.xml"


def test_several_resources_may_load_one_file(tmp_path: Path) -> None:
    apis = [policy("apis/policies", named(name, "policy"), LINK) for name in ("orders", "items")]
    found = info(tmp_path, *apis)
    assert (found.api, [item.api for item in found.also]) == ("orders", ["items"])


@pytest.mark.parametrize(
    "text",
    ["{", "[]", '{"resources": 7}', "\ufeff\x00", '"deploymentTemplate.json Microsoft.ApiManagement/service'],
)
def test_templates_that_are_none_are_passed_over(tmp_path: Path, text: str) -> None:
    head = "deploymentTemplate.json Microsoft.ApiManagement/service a.xml "
    write_files(tmp_path, {"main.json": text + head, "policies/a.xml": POLICY})
    assert open_workspace(tmp_path).info(tmp_path / "policies/a.xml").scope is Scope.UNKNOWN


def test_a_template_that_the_repository_ignores_says_nothing(tmp_path: Path) -> None:
    write_files(tmp_path, {".git/HEAD": "", ".gitignore": "main.json\n"})
    assert info(tmp_path, policy("apis/policies", named("orders", "policy"), LINK)).scope is Scope.UNKNOWN


def test_a_changed_template_is_read_again(tmp_path: Path) -> None:
    workspace = opened(tmp_path, policy("apis/policies", named("orders", "policy"), LINK))
    path = tmp_path / "main.json"
    assert workspace.info(tmp_path / "policies/a.xml").api == "orders"
    workspace.store.open(path, path.read_text().replace("/orders/", "/items/"))
    assert workspace.update(path) is True
    assert workspace.info(tmp_path / "policies/a.xml").api == "items"
    workspace.store.close(path)
    path.unlink()
    assert workspace.update(path) is True
    assert workspace.info(tmp_path / "policies/a.xml").scope is Scope.UNKNOWN


SETS = """<policies><inbound><base />
{|MCP001:<set-header name="X-User" exists-action="override">|}<value>u</value></set-header>
</inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>"""


def test_mcp_rules_follow_templates() -> None:
    check(
        {
            "main.json": template(
                resource("apis", named("server"), type="mcp", mcpTools=[tool("orders", "list")]),
                resource("apis", named("orders"), type="http", subscriptionRequired=False),
                policy(
                    "apis/policies", named("server", "policy"), "[concat(parameters('base'), '/server.xml')]"
                ),
            ),
            "server.xml": SETS,
        },
        select=["MCP001"],
    )
