"""What the pointer shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from apim_policy.ide.hover import document_markup, root_span, rule_hover
from apim_policy.ide.markup import Link
from apim_policy.syntax.parser import parse
from apim_policy.text.span import Span
from apim_policy.workspace.model import Confidence, DocumentInfo, Evidence, McpKind, McpServer, Scope
from support.markers import parse_markers
from support.workspaces import open_workspace, write_files

PATH = Path("/w/apis/orders-mcp/policy.xml")
JSON = Path("/w/apis/orders-mcp/apiInformation.json")


def place(path: Path, line: int | None) -> Link:
    return Link(path.name if line is None else f"{path.name}:{line + 1}", path.as_uri())


def text_of(info: DocumentInfo, *callers: DocumentInfo) -> str:
    return document_markup(info, callers, place).plain()


SERVER = DocumentInfo(
    PATH,
    Scope.MCP,
    Confidence.STATED,
    (Evidence(JSON, Span(20, 30), 2, "type is mcp"),),
    api="orders-mcp",
    mcp=McpServer("orders-mcp", McpKind.REST_BACKED, False, ("orders-api", "stock-api")),
)


def test_an_mcp_server_says_what_its_tools_are_and_who_says_so() -> None:
    assert text_of(SERVER) == (
        'Policy of the MCP server "orders-mcp"\n\n'
        'Its tools are operations of "orders-api", "stock-api".\n\n'
        "This is stated by:\n\n"
        "- apiInformation.json:3: type is mcp"
    )


def test_an_api_says_which_mcp_servers_call_it() -> None:
    evidence = Evidence(JSON, Span(0, 0), 0, 'describes the API "orders-api"')
    info = DocumentInfo(PATH, Scope.API, Confidence.STATED, (evidence,), api="orders-api")
    assert text_of(info, SERVER) == (
        'Policy of the API "orders-api"\n\n'
        "Tools of these MCP servers call it:\n\n"
        '- "orders-mcp" in policy.xml\n\n'
        "This is stated by:\n\n"
        '- apiInformation.json: describes the API "orders-api"'
    )


def test_what_is_assumed_comes_with_the_comment_that_would_settle_it() -> None:
    evidence = Evidence(PATH, Span(0, 0), 0, "the folder's name holds mcp")
    server = McpServer(None, McpKind.REST_BACKED, True, ())
    info = DocumentInfo(PATH, Scope.MCP, Confidence.ASSUMED, (evidence,), mcp=server)
    assert text_of(info) == (
        "Policy of the MCP server\n\n"
        "Its tools are operations of APIs in the same service (assumed, nothing says which kind it is). "
        "It is not known which APIs.\n\n"
        "This is assumed, because of:\n\n"
        "- policy.xml: the folder's name holds mcp\n\n"
        "A comment before the root element would settle it:\n\n"
        "<!-- apim-policy: scope=mcp tools-from=orders-api -->"
    )


def test_what_nothing_speaks_of_says_how_to_state_it() -> None:
    assert text_of(DocumentInfo(PATH, Scope.UNKNOWN, Confidence.NONE)) == (
        "Policy document of unknown scope\n\n"
        "Nothing says where this document applies. A comment before the root element can:\n\n"
        "<!-- apim-policy: scope=api api=orders-api -->"
    )


def test_a_passthrough_server_has_no_tools_of_its_own() -> None:
    server = McpServer("x", McpKind.PASSTHROUGH, False, ())
    assert "Passes its calls through" in text_of(DocumentInfo(PATH, Scope.MCP, Confidence.STATED, mcp=server))


def test_an_operation_names_its_api_and_its_workspace() -> None:
    info = DocumentInfo(
        PATH, Scope.OPERATION, Confidence.STATED, workspace="team", api="orders-api", operation="create-order"
    )
    first = text_of(info).split("\n")[0]
    assert first == 'Policy of the operation "create-order" of the API "orders-api" in the workspace "team"'


def test_other_resources_that_load_the_document_are_named() -> None:
    also = (DocumentInfo(PATH, Scope.PRODUCT, Confidence.STATED, product="starter"),)
    info = DocumentInfo(PATH, Scope.API, Confidence.STATED, api="orders", also=also)
    assert text_of(info).endswith('The same document is loaded as:\n\n- Policy of the product "starter"')


@pytest.mark.parametrize("scope", Scope)
def test_every_scope_has_a_title(scope: Scope) -> None:
    assert text_of(DocumentInfo(PATH, scope, Confidence.STATED)).startswith(("Policy", "Global", "GraphQL"))


def test_the_comment_that_is_proposed_means_what_the_hover_says(tmp_path: Path) -> None:
    evidence = Evidence(PATH, Span(0, 0), 0, "x")
    assumed = DocumentInfo(
        PATH, Scope.OPERATION, Confidence.ASSUMED, (evidence,), api="orders-api", operation="create-order"
    )
    comment = text_of(assumed).rpartition("\n")[2]
    path = write_files(tmp_path, {"a.xml": f"{comment}\n<policies />"}) / "a.xml"
    info = open_workspace(tmp_path).info(path)
    assert (info.scope, info.api, info.operation) == (Scope.OPERATION, "orders-api", "create-order")


@pytest.mark.parametrize(
    "marked",
    [
        "<$0policies></policies>",
        "<policies$0></policies>",
        "<policies></pol$0icies>",
        "<!-- a --><fra$0gment/>",
    ],
)
def test_the_root_is_its_name_in_either_tag(marked: str) -> None:
    fixture = parse_markers(marked)
    assert fixture.cursor is not None
    assert root_span(parse(fixture.text), fixture.cursor) is not None


@pytest.mark.parametrize(
    "marked", ["<policies $0></policies>", "<policies><in$0bound/></policies>", "$0", "te$0xt"]
)
def test_elsewhere_there_is_no_root(marked: str) -> None:
    fixture = parse_markers(marked)
    assert fixture.cursor is not None
    assert root_span(parse(fixture.text), fixture.cursor) is None


@pytest.mark.parametrize("code", ["XM$0L006", "LNT001, $0XML006", "duplicate-attribute$0"])
def test_a_code_in_a_suppression_shows_its_rule(code: str) -> None:
    fixture = parse_markers(f"<policies>\n<!-- apim-policy: ignore[{code}] why -->\n<inbound />\n</policies>")
    assert fixture.cursor is not None
    hover = rule_hover(parse(fixture.text), fixture.cursor)
    assert hover is not None
    shown = hover.markup.plain()
    assert shown.startswith("XML006 duplicate-attribute")
    assert "Read the page of the rule" in shown
    assert fixture.text[hover.span.start : hover.span.end] in ("XML006", "duplicate-attribute")


@pytest.mark.parametrize(
    "marked",
    [
        "<!-- apim-policy: ignore[XML$0999] -->\n<policies/>",
        "<!-- apim-policy: ig$0nore-file[XML006] -->\n<policies/>",
        "<!-- ignore[XML$0006] -->\n<policies/>",
    ],
)
def test_other_words_of_a_comment_show_nothing(marked: str) -> None:
    fixture = parse_markers(marked)
    assert fixture.cursor is not None
    assert rule_hover(parse(fixture.text), fixture.cursor) is None
