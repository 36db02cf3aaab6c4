from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apim_policy.workspace.model import Confidence, McpKind, Scope
from support.workspaces import check, open_workspace, write_files

if TYPE_CHECKING:
    from pathlib import Path

    from apim_policy.workspace.model import DocumentInfo

POLICY = "<policies />"
FILE = "policies/a.xml"
TYPE = "Microsoft.ApiManagement/service"
VERSION = "2024-06-01-preview"


def info(root: Path, text: str, file: str = FILE, **more: str) -> DocumentInfo:
    write_files(root, {"main.bicep": text, file: POLICY, **more})
    return open_workspace(root).info(root / file)


def resource(symbol: str, kind: str, body: str, *, existing: bool = False) -> str:
    word = " existing" if existing else ""
    return f"resource {symbol} '{TYPE}/{kind}@{VERSION}'{word} = {body}\n"


def policy(content: str, before: str = "") -> str:
    """An API's policy with that content."""
    body = f"{{\n  name: 'service/orders/policy'\n  properties: {{\n    format: 'rawxml'\n    value: {content}\n  }}\n}}"
    return f"{before}\n{resource('it', 'apis/policies', body)}"


LOAD = "loadTextContent('policies/a.xml')"


@pytest.mark.parametrize(
    ("kind", "name", "scope", "said"),
    [
        ("policies", "policy", Scope.GLOBAL, (None, None, None, None)),
        ("products/policies", "gold/policy", Scope.PRODUCT, ("gold", None, None, None)),
        ("apis/policies", "orders/policy", Scope.API, (None, "orders", None, None)),
        ("apis/operations/policies", "orders/list/policy", Scope.OPERATION, (None, "orders", "list", None)),
        ("policyFragments", "auth", Scope.FRAGMENT, (None, None, None, "auth")),
        ("apis/resolvers/policies", "shop/r/policy", Scope.RESOLVER, (None, "shop", None, None)),
    ],
)
def test_type_and_name_say_whose_policy_it_is(
    tmp_path: Path, kind: str, name: str, scope: Scope, said: tuple[str | None, ...]
) -> None:
    text = resource("it", kind, f"{{\n  name: '${{service}}/{name}'\n  properties: {{ value: {LOAD} }}\n}}")
    found = info(tmp_path, f"param service string\n{text}")
    assert (found.scope, found.confidence) == (scope, Confidence.STATED)
    assert (found.product, found.api, found.operation, found.fragment) == said


@pytest.mark.parametrize(
    ("content", "before"),
    [
        (LOAD, ""),
        ("loadTextContent('./policies/../policies/a.xml', 'utf-8')", ""),
        (f"replace(replace({LOAD}, '{{x}}', x), 'y', 'z')", "param x string"),
        (f"format({LOAD}, 1)", ""),
        (f"format('{{0}}', {LOAD})", ""),
        (f"'${{{LOAD}}}'", ""),
        ("xml", f"var xml = trim({LOAD})"),
        ("all.orders", f"var all = {{\n  orders: {LOAD}\n}}"),
        ("all[0]", f"var all = [ {LOAD} ]"),
        ("xml", f"param xml string = {LOAD}"),
        (f"empty(own) ? {LOAD} : own", "param own string = ''"),
        (f"own ?? {LOAD}", "param own string?"),
        (f"any({LOAD})", ""),
    ],
)
def test_spellings_of_a_file(tmp_path: Path, content: str, before: str) -> None:
    found = info(tmp_path, policy(content, before))
    assert (found.scope, found.api) == (Scope.API, "orders")


@pytest.mark.parametrize(
    ("content", "before"),
    [
        ("xml", "param xml string"),
        ("'policies/a.xml'", ""),
        (f"'<policies>${{{LOAD}}}</policies>'", ""),
        (f"format('<policies>{{0}}</policies>', {LOAD})", ""),
        ("'''\n<policies>loadTextContent('policies/a.xml')</policies>\n'''", ""),
        ("a", "var a = b\nvar b = a"),
        ("loadTextContent('../../../etc/passwd')", ""),
        ("loadTextContent()", ""),
        (f"// {LOAD}", ""),
        ("(" * 3000 + LOAD + ")" * 3000, ""),
    ],
)
def test_what_cannot_be_told_says_nothing(tmp_path: Path, content: str, before: str) -> None:
    assert info(tmp_path, policy(content, before)).scope is Scope.UNKNOWN


def test_evidence_is_the_property(tmp_path: Path) -> None:
    (evidence,) = info(tmp_path, "// é\n" + policy(LOAD)).evidence
    text = (tmp_path / "main.bicep").read_text()
    assert text[slice(*evidence.span)] == f"value: {LOAD}"
    assert text.splitlines()[evidence.line].strip() == f"value: {LOAD}"
    assert evidence.text == 'it is loaded as the policy of the API "orders"'


def test_parents_by_symbol_and_inside_each_other(tmp_path: Path) -> None:
    text = f"""
param name string = 'orders'
resource apim '{TYPE}@{VERSION}' existing = {{ name: 'service' }}
resource api '{TYPE}/apis@{VERSION}' = if (true) {{
  parent: apim
  name: '${{name}}-v1'
  properties: {{ subscriptionRequired: true, subscriptionKeyParameterNames: {{ header: 'api-key' }} }}
  resource policy 'policies' = {{
    name: 'policy'
    properties: {{ value: loadTextContent('inner.xml') }}
  }}
}}
resource operation '{TYPE}/apis/operations@{VERSION}' existing = {{
  parent: api
  name: 'list'
}}
resource policy '{TYPE}/apis/operations/policies@{VERSION}' = {{
  parent: operation
  name: 'policy'
  properties: any({{ value: {LOAD} }})
}}
"""
    found = info(tmp_path, text, **{"inner.xml": POLICY})
    assert (found.scope, found.api, found.operation) == (Scope.OPERATION, "orders-v1", "list")
    workspace = open_workspace(tmp_path).around(tmp_path / FILE)
    api = workspace.api("orders-v1")
    assert api is not None
    assert (api.policy, api.key_header) == (tmp_path / "inner.xml", "api-key")
    assert api.operation_policies == {"list": tmp_path / FILE}
    assert api.subscription_required is not None
    assert api.subscription_required.value is True


def test_modules_are_told_by_those_that_use_them(tmp_path: Path) -> None:
    text = f"""
module api 'modules/api.bicep' = {{
  name: 'api'
  params: {{
    name: 'orders'
    policyXml: {LOAD}
  }}
}}
module product 'modules/product.bicep' = {{
  name: 'product'
  params: {{ api: api.outputs.name }}
}}
"""
    api = f"""
param name string
param policyXml string
resource api '{TYPE}/apis@{VERSION}' = {{
  name: 's/${{name}}'
  properties: {{ type: 'http' }}
}}
resource policy '{TYPE}/apis/policies@{VERSION}' = {{
  parent: api
  name: 'policy'
  properties: {{ value: policyXml }}
}}
output name string = name
"""
    product = f"""
param api string
resource it '{TYPE}/products/apis@{VERSION}' = {{ name: 's/gold/${{api}}' }}
"""
    found = info(tmp_path, text, **{"modules/api.bicep": api, "modules/product.bicep": product})
    assert (found.scope, found.api) == (Scope.API, "orders")
    known = open_workspace(tmp_path).around(tmp_path / FILE).api("orders")
    assert known is not None
    assert known.products == ("gold",)


def test_modules_that_use_each_other_end(tmp_path: Path) -> None:
    use = "module b '{}.bicep' = {{ name: 'b' }}\n"
    found = info(
        tmp_path, use.format("b") + policy(LOAD), **{"b.bicep": use.format("c"), "c.bicep": use.format("b")}
    )
    assert found.api == "orders"


def test_loops_over_literals_and_over_what_nobody_knows(tmp_path: Path) -> None:
    body = f"{{\n  name: 's/${{api}}/policy'\n  properties: {{ value: {LOAD} }}\n}}"
    known = info(tmp_path, resource("it", "apis/policies", f"[for api in ['orders', 'items']: {body}]"))
    assert (known.api, [other.api for other in known.also]) == ("orders", ["items"])
    unknown = info(
        tmp_path, "param apis array\n" + resource("it", "apis/policies", f"[for api in apis: {body}]")
    )
    assert (unknown.scope, unknown.api, unknown.also) == (Scope.API, None, ())


def test_one_file_for_several_services(tmp_path: Path) -> None:
    global_ = resource(
        "it", "policies", "{\n  name: 's/policy'\n  properties: { value: loadTextContent('../all.xml') }\n}"
    )
    write_files(tmp_path, {"one/main.bicep": global_, "two/main.bicep": global_, "all.xml": POLICY})
    found = open_workspace(tmp_path).info(tmp_path / "all.xml")
    assert found.scope is Scope.GLOBAL
    assert [evidence.path.parent.name for evidence in found.evidence] == ["one"]


SERVER = f"""
param apiName string = 'orders'
param serverName string
resource apim '{TYPE}@{VERSION}' existing = {{
  name: 'service'
}}
resource api '{TYPE}/apis@{VERSION}' existing = {{
  parent: apim
  name: apiName
}}
resource list '{TYPE}/apis/operations@{VERSION}' existing = {{
  parent: api
  name: 'list'
}}
resource server '{TYPE}/apis@{VERSION}' = {{
  parent: apim
  name: serverName
  properties: {{
    type: 'mcp'
    mcpTools: [
      {{
        name: 'first'
        operationId: OPERATION
      }}
    ]
  }}
}}
resource policy '{TYPE}/apis/policies@{VERSION}' = {{
  parent: server
  name: 'policy'
  properties: {{
    value: {LOAD}
    format: 'rawxml'
  }}
}}
"""


@pytest.mark.parametrize(
    "operation",
    [
        "list.id",
        "'${api.id}/operations/list'",
        "'/apis/${api.name}/operations/${list.name}'",
        f"resourceId('{TYPE}/apis/operations', 'service', apiName, 'list')",
        "'/subscriptions/1/resourceGroups/g/providers/Microsoft.ApiManagement/service/s/apis/orders/operations/list'",
    ],
)
def test_an_mcp_server_and_its_tools(tmp_path: Path, operation: str) -> None:
    found = info(tmp_path, SERVER.replace("OPERATION", operation))
    assert (found.scope, found.api) == (Scope.MCP, None)
    assert found.mcp is not None
    assert (found.mcp.kind, found.mcp.kind_assumed) == (McpKind.REST_BACKED, False)
    assert [(tool.name, tool.api, tool.operation) for tool in found.mcp.tools] == [
        ("first", "orders", "list")
    ]
    text = (tmp_path / "main.bicep").read_text()
    assert [text[slice(*item.span)] for item in found.evidence] == [f"value: {LOAD}", "type: 'mcp'"]


def test_tools_that_are_resources(tmp_path: Path) -> None:
    text = SERVER[: SERVER.index("    mcpTools")] + SERVER[SERVER.index("  }\n}\nresource policy") :]
    text += resource(
        "tool",
        "apis/tools",
        "{\n  parent: server\n  name: 'first'\n  properties: { operationId: list.id }\n}",
    )
    found = info(tmp_path, text)
    assert found.mcp is not None
    assert [(tool.name, tool.api, tool.operation) for tool in found.mcp.tools] == [
        ("first", "orders", "list")
    ]


def test_tools_made_in_a_loop_leave_the_list_open(tmp_path: Path) -> None:
    loop = "[for name in names: {\n name: name\n operationId: '${api.id}/operations/${name}'\n }]"
    start, end = SERVER.index("[\n"), SERVER.index("    ]\n") + 5
    found = info(tmp_path, f"param names array\n{SERVER[:start]}{loop}{SERVER[end:]}")
    assert found.mcp is not None
    assert (found.mcp.kind, found.mcp.kind_assumed, found.mcp.tools) == (McpKind.REST_BACKED, False, ())


def test_a_server_with_a_backend_is_passthrough(tmp_path: Path) -> None:
    start, end = SERVER.index("mcpTools"), SERVER.index("    ]\n") + 6
    found = info(tmp_path, f"{SERVER[:start]}backendId: backend.name\n{SERVER[end:]}")
    assert found.mcp is not None
    assert found.mcp.kind is McpKind.PASSTHROUGH


@pytest.mark.parametrize(
    "text", ["resource", "resource x 'T@1' = {", "module m '", "param\nvar\noutput", "}{", "\x00"]
)
def test_files_with_errors_are_read_as_far_as_they_are_sound(tmp_path: Path, text: str) -> None:
    assert info(tmp_path, policy(LOAD) + text).api == "orders"


DOUBLED = "".join(f"var v{n + 1} = '${{v{n}}}${{v{n}}}'\n" for n in range(60))
LOOPS = "[for a in range(0, 99): " * 9 + "a" + "]" * 9
NESTED = "resource a 'a@1' = {\n" * 2000 + "}\n" * 2000


@pytest.mark.parametrize(
    ("before", "name"),
    [
        (f"var v0 = 'orders'\n{DOUBLED}", "v60"),
        (f"var v = {LOOPS}", "v"),
        (NESTED, "'s/orders/policy'"),
        ("", "format('{" + "9" * 5000 + "}', 1)"),
        ("", "[1][" + "9" * 5000 + "]"),
        ("var v = {\n  '${[]}': 1\n}", "v['${[]}']"),
    ],
    ids=["doubled", "loops", "nested", "format", "index", "keys"],
)
def test_hostile_files_are_given_up(tmp_path: Path, before: str, name: str) -> None:
    text = policy(LOAD, before).replace("'service/orders/policy'", name)
    assert info(tmp_path, text).scope in (Scope.API, Scope.UNKNOWN)


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    write_files(tmp_path, {"main.bicep": policy(LOAD), FILE: POLICY})
    workspace = open_workspace(tmp_path)
    assert workspace.info(tmp_path / FILE).api == "orders"
    path = tmp_path / "main.bicep"
    workspace.store.open(path, path.read_text().replace("orders", "items"))
    assert workspace.update(path) is True
    assert workspace.info(tmp_path / FILE).api == "items"


def test_mcp_rules_follow_bicep() -> None:
    sets = """<policies><inbound><base />
{|MCP001:<set-header name="X-User" exists-action="override">|}<value>u</value></set-header>
</inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>"""
    check({"main.bicep": SERVER.replace("OPERATION", "list.id"), FILE: sets}, select=["MCP001"])


def test_an_ordinary_api_called_mcp_has_nothing_to_do_with_mcp_rules() -> None:
    sets = """<policies><inbound><base />
<set-header name="X-User" exists-action="override"><value>u</value></set-header>
</inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>"""
    text = resource("api", "apis", "{\n  name: 's/mcp'\n  properties: { type: 'http' }\n}")
    text += resource(
        "policy",
        "apis/policies",
        "{\n  parent: api\n  name: 'policy'\n  properties: { value: loadTextContent('mcp-server/policy.xml') }\n}",
    )
    check({"main.bicep": text, "mcp-server/policy.xml": sets}, select=["MCP"])
