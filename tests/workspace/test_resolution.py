from __future__ import annotations

from pathlib import Path

from apim_policy.text.span import Span
from apim_policy.workspace.model import Confidence, Evidence, McpKind, PathForm, Scope, Stated, Tool
from apim_policy.workspace.readers.statement import Statement
from apim_policy.workspace.resolution import Resolved, resolve

PATH = Path("/project/policy.xml")


def evidence(text: str) -> Evidence:
    return Evidence(PATH, Span(0, 0), 0, text)


def said(text: str, **fields: object) -> Statement:
    return Statement((evidence(text),), **fields)  # type: ignore[arg-type]


def outcome(*sources: list[Statement]) -> Resolved:
    return resolve(PATH, sources)


def texts(resolved: Resolved) -> list[str]:
    return [item.text for item in resolved.info.evidence]


def test_nothing_said_is_nothing_known() -> None:
    info = outcome([], []).info
    assert (info.scope, info.confidence, info.evidence, info.also) == (Scope.UNKNOWN, Confidence.NONE, (), ())


def test_the_first_source_decides() -> None:
    resolved = outcome(
        [said("comment", scope=Scope.PRODUCT, product="p")], [said("json", scope=Scope.API, api="a")]
    )
    assert (resolved.info.scope, resolved.info.product, resolved.info.api) == (Scope.PRODUCT, "p", None)
    assert texts(resolved) == ["comment"]


def test_later_sources_fill_in_what_is_open() -> None:
    tool = Tool("t", "orders", "list")
    resolved = outcome(
        [said("comment", scope=Scope.MCP)],
        [
            said(
                "json",
                scope=Scope.MCP,
                api="s",
                kind=McpKind.REST_BACKED,
                tools_from=("orders",),
                tools=(tool,),
            )
        ],
    )
    assert resolved.info.api == "s"
    assert resolved.info.mcp is not None
    assert (resolved.info.mcp.name, resolved.info.mcp.tools, resolved.info.mcp.kind_assumed) == (
        "s",
        (tool,),
        False,
    )
    assert texts(resolved) == ["comment", "json"]


def test_evidence_that_adds_nothing_is_not_shown() -> None:
    resolved = outcome([said("comment", scope=Scope.API, api="a")], [said("json", scope=Scope.API, api="A")])
    assert texts(resolved) == ["comment"]
    assert resolved.info.api == "a"


def test_an_api_may_be_said_to_be_no_mcp_server() -> None:
    resolved = outcome(
        [said("comment", scope=Scope.API)], [said("json", scope=Scope.MCP, api="s", tools_from=("a",))]
    )
    assert (resolved.info.scope, resolved.info.api, resolved.info.mcp) == (Scope.API, "s", None)


def test_an_api_may_be_said_to_be_an_mcp_server() -> None:
    resolved = outcome([said("comment", scope=Scope.MCP)], [said("json", scope=Scope.API, api="s")])
    assert resolved.info.mcp is not None
    assert (resolved.info.mcp.name, resolved.info.mcp.kind) == ("s", McpKind.REST_BACKED)
    assert resolved.info.mcp.kind_assumed


def test_tools_in_a_comment_count_more_than_a_backend_in_json() -> None:
    resolved = outcome(
        [said("comment", tools_from=("orders",))], [said("json", scope=Scope.MCP, kind=McpKind.PASSTHROUGH)]
    )
    assert resolved.info.mcp is not None
    assert (resolved.info.mcp.kind, resolved.info.mcp.tools_from) == (McpKind.REST_BACKED, ("orders",))


def test_a_passthrough_server_has_no_tools() -> None:
    resolved = outcome(
        [said("comment", kind=McpKind.PASSTHROUGH)],
        [said("json", scope=Scope.MCP, api="s", tools_from=("orders",))],
    )
    assert resolved.info.mcp is not None
    assert (resolved.info.mcp.kind, resolved.info.mcp.tools_from) == (McpKind.PASSTHROUGH, ())


def test_other_names_are_other_resources() -> None:
    resolved = outcome(
        [said("comment", scope=Scope.MCP, api="s")], [said("json", api="t", tools_from=("orders",))]
    )
    assert resolved.info.mcp is not None
    assert resolved.info.mcp.tools_from == ()


def test_two_resources_of_one_source_stand_side_by_side() -> None:
    resolved = outcome(
        [
            said("one", scope=Scope.API, api="a"),
            said("two", scope=Scope.API, api="b"),
            said("one again", api="a"),
        ],
        [said("json", scope=Scope.API, api="c")],
    )
    assert resolved.info.api == "a"
    assert [info.api for info in resolved.info.also] == ["b"]


def test_a_path_adds_nothing_to_what_is_stated() -> None:
    guess = said("path", scope=Scope.MCP, api="s", confidence=Confidence.ASSUMED, path_form=PathForm.MCP)
    resolved = outcome([said("root", scope=Scope.MCP)], [guess])
    assert (resolved.info.api, resolved.info.path_form, resolved.info.confidence) == (
        None,
        None,
        Confidence.STATED,
    )
    resolved = outcome([], [guess])
    assert (resolved.info.api, resolved.info.path_form, resolved.info.confidence) == (
        "s",
        PathForm.MCP,
        Confidence.ASSUMED,
    )
    assert resolved.info.mcp is not None
    assert resolved.info.mcp.kind_assumed


def test_whether_a_key_is_needed_may_be_all_that_is_said() -> None:
    key = Stated(True, evidence("settings"))
    resolved = outcome(
        [said("settings", subscription_required=key)],
        [said("path", scope=Scope.API, confidence=Confidence.ASSUMED)],
    )
    assert resolved.subscription_required is key
    assert (resolved.info.scope, resolved.info.confidence) == (Scope.API, Confidence.ASSUMED)
    assert outcome([said("settings", subscription_required=key)]).info.scope is Scope.UNKNOWN
