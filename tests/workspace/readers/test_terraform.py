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
AZAPI = "Microsoft.ApiManagement/service/"


def info(root: Path, text: str, file: str = FILE, **more: str) -> DocumentInfo:
    write_files(root, {"main.tf": text, file: POLICY, **more})
    return open_workspace(root).info(root / file)


def policy(content: str, before: str = "") -> str:
    """An API's policy with that content."""
    return f"""{before}
resource "azurerm_api_management_api_policy" "this" {{
  api_name    = "orders"
  xml_content = {content}
}}
"""


@pytest.mark.parametrize(
    ("type_", "attributes", "scope", "said"),
    [
        ("policy", "xml_content", Scope.GLOBAL, (None, None, None, None)),
        ("product_policy", 'product_id = "gold"\nxml_content', Scope.PRODUCT, ("gold", None, None, None)),
        ("api_policy", 'api_name = "orders"\nxml_content', Scope.API, (None, "orders", None, None)),
        (
            "api_operation_policy",
            'api_name = "orders"\noperation_id = "list"\nxml_content',
            Scope.OPERATION,
            (None, "orders", "list", None),
        ),
        ("policy_fragment", 'name = "auth"\nvalue', Scope.FRAGMENT, (None, None, None, "auth")),
    ],
)
def test_resources_of_azurerm(
    tmp_path: Path, type_: str, attributes: str, scope: Scope, said: tuple[str | None, ...]
) -> None:
    text = f'resource "azurerm_api_management_{type_}" "this" {{\n{attributes} = file("policies/a.xml")\n}}'
    found = info(tmp_path, text)
    assert (found.scope, found.confidence) == (scope, Confidence.STATED)
    assert (found.product, found.api, found.operation, found.fragment) == said


def test_policies_of_workspaces(tmp_path: Path) -> None:
    text = """resource "azurerm_api_management_workspace" "team" { name = "team" }
resource "azurerm_api_management_workspace_policy" "this" {
  api_management_workspace_id = azurerm_api_management_workspace.team.id
  xml_content                 = file("policies/a.xml")
}"""
    found = info(tmp_path, text)
    assert (found.scope, found.workspace) == (Scope.WORKSPACE, "team")


@pytest.mark.parametrize(
    ("content", "before"),
    [
        ('file("${path.module}/policies/a.xml")', ""),
        ('file("./policies/a.xml")', ""),
        ('templatefile("${path.root}/policies/a.xml", { key = "x" })', ""),
        ('replace(file("policies/a.xml"), "{x}", var.x)', ""),
        ('"${file("policies/a.xml")}"', ""),
        ("local.xml", 'locals { xml = trimspace(file("policies/a.xml")) }'),
        ("local.xml.orders", 'locals { xml = { orders = file("policies/a.xml") } }'),
        (
            'file("${local.folder}/${var.name}.xml")',
            'locals { folder = "policies" }\nvariable "name" { default = "a" }',
        ),
        ('var.own != "" ? var.own : file("policies/a.xml")', 'variable "own" { default = "" }'),
        ('var.on ? file("policies/a.xml") : ""', 'variable "on" {}'),
        ('coalesce(var.own, file("policies/a.xml"))', 'variable "own" {}'),
        ("data.local_file.it.content", 'data "local_file" "it" { filename = "policies/a.xml" }'),
        ('file(format("%s/%s.xml", "policies", "a"))', ""),
        ('file(join("/", ["policies", "a.xml"]))', ""),
    ],
)
def test_spellings_of_a_file(tmp_path: Path, content: str, before: str) -> None:
    found = info(tmp_path, policy(content, before))
    assert (found.scope, found.api) == (Scope.API, "orders")


@pytest.mark.parametrize(
    ("content", "before"),
    [
        ("var.xml", 'variable "xml" { default = "policies/a.xml" }'),
        ('file("policies/${var.name}.xml")', 'variable "name" {}'),
        ('"<policies>${file("policies/a.xml")}</policies>"', ""),
        ('<<XML\n<policies>\n${file("policies/a.xml")}\n</policies>\nXML', ""),
        ("local.a", "locals {\n a = local.b\n b = local.a\n}"),
        ('file("../../../etc/passwd")', ""),
        ('file("policies/a.xml', ""),
        ("file()", ""),
        ('file("' + "${" * 300 + "x" + "}" * 300 + '")', ""),
        ("(" * 3000 + 'file("policies/a.xml")' + ")" * 3000, ""),
        ('{ for k in fileset(path.module, "policies/*.xml") : k => file(k) }', ""),
    ],
)
def test_what_cannot_be_told_says_nothing(tmp_path: Path, content: str, before: str) -> None:
    assert info(tmp_path, policy(content, before)).scope is Scope.UNKNOWN


def test_comments_and_resources_that_are_never_made_say_nothing(tmp_path: Path) -> None:
    text = f'# {policy("x").replace(chr(10), " ")} file("policies/a.xml")\n/* file("policies/a.xml") */\n'
    text += policy('file("policies/a.xml")').replace("api_name ", "count = 0\n  api_name ")
    assert info(tmp_path, text).scope is Scope.UNKNOWN


def test_evidence_is_the_attribute(tmp_path: Path) -> None:
    (evidence,) = info(tmp_path, "# é\n" + policy('file("policies/a.xml")')).evidence
    text = (tmp_path / "main.tf").read_text()
    assert text[slice(*evidence.span)] == 'xml_content = file("policies/a.xml")'
    assert text.splitlines()[evidence.line].strip() == 'xml_content = file("policies/a.xml")'
    assert evidence.text == 'it is loaded as the policy of the API "orders"'


def test_names_by_reference_and_repeated_resources(tmp_path: Path) -> None:
    text = """
variable "prefix" { default = "shop" }
locals { apis = { orders = { file = "a.xml" }, items = { file = "b.xml" } } }
resource "azurerm_api_management_api" "all" {
  for_each              = local.apis
  name                  = "${var.prefix}-${each.key}"
  subscription_required = false
  subscription_key_parameter_names { header = "api-key" }
}
resource "azurerm_api_management_api_policy" "all" {
  for_each    = local.apis
  api_name    = azurerm_api_management_api.all[each.key].name
  xml_content = file("${path.module}/policies/${each.value.file}")
}"""
    write_files(tmp_path, {"main.tf": text, FILE: POLICY, "policies/b.xml": POLICY})
    workspace = open_workspace(tmp_path)
    assert [workspace.info(path).api for path in workspace.documents] == ["shop-orders", "shop-items"]
    api = workspace.around(tmp_path / FILE).api("shop-items")
    assert api is not None
    assert (api.policy, api.key_header) == (tmp_path / "policies/b.xml", "api-key")
    assert api.subscription_required is not None
    assert api.subscription_required.value is False


def test_sets_of_literal_keys(tmp_path: Path) -> None:
    text = """resource "azurerm_api_management_policy_fragment" "all" {
  for_each = toset(["a", "b"])
  name     = each.key
  value    = file("policies/${each.value}.xml")
}"""
    assert info(tmp_path, text).fragment == "a"


def test_a_name_that_nobody_can_tell_still_joins_an_api_and_its_policy(tmp_path: Path) -> None:
    text = f"""variable "name" {{}}
resource "azapi_resource" "server" {{
  type      = "{AZAPI}apis@2025-09-01-preview"
  name      = var.name
  parent_id = data.azurerm_api_management.it.id
  body      = jsonencode({{ properties = {{ type = "mcp", backendId = "x" }} }})
}}
resource "azurerm_api_management_api_policy" "this" {{
  api_name    = azapi_resource.server.name
  xml_content = file("policies/a.xml")
}}"""
    found = info(tmp_path, text)
    assert (found.scope, found.api) == (Scope.MCP, None)
    assert found.mcp is not None
    assert found.mcp.kind is McpKind.PASSTHROUGH


def test_modules_are_told_by_those_that_use_them(tmp_path: Path) -> None:
    text = """
module "api" {
  source     = "./modules/api"
  for_each   = { orders = "a.xml" }
  name       = each.key
  policy_xml = file("${path.module}/policies/${each.value}")
}
module "product" {
  source = "./modules/product"
  api    = module.api["orders"].name
}"""
    api = """
variable "name" {}
variable "policy_xml" {}
resource "azurerm_api_management_api" "it" { name = var.name }
resource "azurerm_api_management_api_policy" "it" {
  api_name    = azurerm_api_management_api.it.name
  xml_content = var.policy_xml
}
output "name" { value = azurerm_api_management_api.it.name }
"""
    product = """
variable "api" {}
resource "azurerm_api_management_product" "it" { product_id = "gold" }
resource "azurerm_api_management_product_api" "it" {
  product_id = azurerm_api_management_product.it.product_id
  api_name   = var.api
}
resource "azurerm_api_management_product_policy" "it" {
  product_id  = azurerm_api_management_product.it.id
  xml_content = file("${path.module}/gold.xml")
}
"""
    files = {
        "modules/api/main.tf": api,
        "modules/product/main.tf": product,
        "modules/product/gold.xml": POLICY,
    }
    found = info(tmp_path, text, **files)
    assert (found.scope, found.api) == (Scope.API, "orders")
    workspace = open_workspace(tmp_path)
    gold = workspace.info(tmp_path / "modules/product/gold.xml")
    assert (gold.scope, gold.product) == (Scope.PRODUCT, "gold")
    api_known = workspace.around(tmp_path / FILE).api("orders")
    assert api_known is not None
    assert api_known.products == ("gold",)


def test_modules_that_use_each_other_end(tmp_path: Path) -> None:
    text = 'module "b" {\n source = "./b"\n}\n' + policy('file("policies/a.xml")')
    found = info(
        tmp_path,
        text,
        **{
            "b/main.tf": 'module "b" {\n source = "../b"\n}\nmodule "c" {\n source = "../c"\n}',
            "c/x.tf": 'module "b" {\n source = "../b"\n}',
        },
    )
    assert found.api == "orders"


SERVER = f"""
resource "azurerm_api_management_api" "orders" {{
  name                  = "orders"
  subscription_required = false
}}
resource "azapi_resource" "server" {{
  type      = "{AZAPI}apis@2025-09-01-preview"
  name      = "server"
  parent_id = azurerm_api_management.it.id
  body = {{
    properties = {{
      type     = "mcp"
      mcpTools = [for name in ["list", "get"] : {{
        name        = name
        operationId = "${{azurerm_api_management.it.id}}/apis/${{azurerm_api_management_api.orders.name}}/operations/${{name}}"
      }}]
    }}
  }}
}}
resource "azapi_resource" "policy" {{
  type      = "{AZAPI}apis/policies@2025-09-01-preview"
  name      = "policy"
  parent_id = azapi_resource.server.id
  body      = {{ properties = {{ format = "rawxml", value = file("policies/a.xml") }} }}
}}
"""


def test_an_mcp_server_of_azapi(tmp_path: Path) -> None:
    found = info(tmp_path, SERVER)
    assert (found.scope, found.api) == (Scope.MCP, "server")
    assert found.mcp is not None
    assert [(tool.api, tool.operation) for tool in found.mcp.tools] == [("orders", "list"), ("orders", "get")]
    text = (tmp_path / "main.tf").read_text()
    quoted = [text[slice(*evidence.span)] for evidence in found.evidence]
    assert quoted == ['value = file("policies/a.xml")', 'type     = "mcp"']


def test_tools_of_azapi_that_are_resources(tmp_path: Path) -> None:
    tools = (
        SERVER[: SERVER.index("      mcpTools")]
        + SERVER[SERVER.index('    }\n  }\n}\nresource "azapi_resource" "policy"') :]
    )
    tools += f"""
resource "azapi_resource" "tool" {{
  type      = "{AZAPI}apis/tools@2025-09-01-preview"
  name      = "list"
  parent_id = azapi_resource.server.id
  body      = {{ properties = {{ operationId = azurerm_api_management_api_operation.list.id }} }}
}}
resource "azurerm_api_management_api_operation" "list" {{
  operation_id = "list"
  api_name     = azurerm_api_management_api.orders.name
}}"""
    found = info(tmp_path, tools)
    assert found.mcp is not None
    assert [(tool.name, tool.api, tool.operation) for tool in found.mcp.tools] == [("list", "orders", "list")]


DOUBLED = "".join(f'v{n + 1} = "${{local.v{n}}}${{local.v{n}}}"\n' for n in range(60))
LOOPS = "[for a in local.l : " * 9 + "a" + "]" * 9


@pytest.mark.parametrize(
    ("before", "name"),
    [
        (f'locals {{\nv0 = "orders"\n{DOUBLED}}}', "local.v60"),
        (f"locals {{\nl = [{'1, ' * 99}]\nv = {LOOPS}\n}}", "local.v"),
        ("", "[1][" + "9" * 5000 + "]"),
        ("locals {\nv = { ([]) = 1 }\n}", "local.v[[]]"),
        ("", 'lookup({}, [], "")'),
        ("", "a" + ".b" * 3000),
    ],
    ids=["doubled", "loops", "index", "keys", "lookup", "chain"],
)
def test_hostile_files_are_given_up(tmp_path: Path, before: str, name: str) -> None:
    text = policy('file("policies/a.xml")', before).replace('"orders"\n  xml', f"{name}\n  xml")
    assert info(tmp_path, text).scope in (Scope.API, Scope.UNKNOWN)


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    write_files(tmp_path, {"main.tf": policy('file("policies/a.xml")'), FILE: POLICY})
    workspace = open_workspace(tmp_path)
    assert workspace.info(tmp_path / FILE).api == "orders"
    path = tmp_path / "main.tf"
    workspace.store.open(path, path.read_text().replace("orders", "items"))
    assert workspace.update(path) is True
    assert workspace.info(tmp_path / FILE).api == "items"


def test_mcp_rules_follow_terraform() -> None:
    sets = """<policies><inbound><base />
{|MCP001:<set-header name="X-User" exists-action="override">|}<value>u</value></set-header>
</inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>"""
    check({"main.tf": SERVER, FILE: sets}, select=["MCP001"])
