"""What an editor shows for the place under the pointer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from apim_policy.ide.markup import Code, Inline, Link, Markup, Strong
from apim_policy.lint import suppressions
from apim_policy.rules import documentation, registry
from apim_policy.workspace.model import Confidence, McpKind, Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from apim_policy.syntax.tree import Document
    from apim_policy.text.span import Span
    from apim_policy.workspace.model import DocumentInfo, Evidence, McpServer

    Place = Callable[[Path, int | None], Link]
    """How to write and reach a file, and a line of it counted from 0."""


@dataclass(frozen=True, slots=True)
class Hover:
    """What to show, and for which characters."""

    span: Span
    markup: Markup


def rule_hover(document: Document, offset: int) -> Hover | None:
    """The rule that a suppression names at ``offset``."""
    for suppression in suppressions.find(document):
        for entry in suppression.codes:
            if entry.code is not None and entry.span.contains(offset):
                return Hover(entry.span, _rule(entry.code))
    return None


def root_span(document: Document, offset: int) -> Span | None:
    """The name of the root element, in its start or end tag, where ``offset`` touches it."""
    root = document.root
    if root is None:
        return None
    spans = [root.name_span, *([root.end_tag.name_span] if root.end_tag else [])]
    return next((span for span in spans if span.contains(offset)), None)


def document_markup(info: DocumentInfo, callers: Sequence[DocumentInfo], place: Place) -> Markup:
    """What a document was taken for, and why.

    ``callers`` are the MCP servers whose tools call it.
    """
    markup = Markup()
    markup.paragraph(*_subject(info))
    if info.mcp is not None:
        markup.paragraph(*_tools(info.mcp))
    if callers:
        markup.paragraph("Tools of these MCP servers call it:")
        markup.bullets([_caller(caller, place) for caller in callers])
    if info.confidence is Confidence.NONE:
        markup.paragraph("Nothing says where this document applies. A comment before the root element can:")
        markup.code("xml", "<!-- apim-policy: scope=api api=orders-api -->")
    else:
        stated = info.confidence is Confidence.STATED
        markup.paragraph("This is stated by:" if stated else "This is assumed, because of:")
        markup.bullets([_evidence(item, place) for item in info.evidence])
        if not stated:
            markup.paragraph("A comment before the root element would settle it:")
            markup.code("xml", _comment(info))
    if info.also:
        markup.paragraph("The same document is loaded as:")
        markup.bullets([_subject(other) for other in info.also])
    return markup


def _subject(info: DocumentInfo) -> list[Inline]:
    title = _TITLES[info.scope]
    names = {
        Scope.WORKSPACE: info.workspace,
        Scope.PRODUCT: info.product,
        Scope.API: info.api,
        Scope.OPERATION: info.operation,
        Scope.FRAGMENT: info.fragment,
        Scope.MCP: info.mcp.name if info.mcp else None,
    }
    name = names.get(info.scope)
    parts: list[Inline] = [Strong(title)]
    if name:
        parts += [" ", Code(name)]
    if info.scope is Scope.OPERATION and info.api:
        parts += [" of the API ", Code(info.api)]
    if info.workspace and info.scope is not Scope.WORKSPACE:
        parts += [" in the workspace ", Code(info.workspace)]
    return parts


_TITLES = {
    Scope.GLOBAL: "Global policy",
    Scope.WORKSPACE: "Policy of the workspace",
    Scope.PRODUCT: "Policy of the product",
    Scope.API: "Policy of the API",
    Scope.OPERATION: "Policy of the operation",
    Scope.FRAGMENT: "Policy fragment",
    Scope.RESOLVER: "GraphQL resolver",
    Scope.MCP: "Policy of the MCP server",
    Scope.UNKNOWN: "Policy document of unknown scope",
}


def _tools(server: McpServer) -> list[Inline]:
    assumed = " (assumed, nothing says which kind it is)" if server.kind_assumed else ""
    if server.kind is McpKind.PASSTHROUGH:
        return [f"Passes its calls through to an MCP server elsewhere{assumed}."]
    if not server.tools_from:
        return [f"Its tools are operations of APIs in the same service{assumed}. It is not known which APIs."]
    parts: list[Inline] = ["Its tools are operations of "]
    for index, api in enumerate(server.tools_from):
        parts += [", " if index else "", Code(api)]
    return [*parts, f"{assumed}."]


def _caller(info: DocumentInfo, place: Place) -> list[Inline]:
    name = info.mcp.name if info.mcp else None
    path = place(info.path, None)
    return [Code(name), " in ", path] if name else [path]


def _evidence(evidence: Evidence, place: Place) -> list[Inline]:
    line = evidence.line if evidence.span != (0, 0) else None
    return [place(evidence.path, line), ": ", evidence.text]


def _comment(info: DocumentInfo) -> str:
    words = [f"scope={info.scope.value}"]
    if info.scope is Scope.MCP:
        apis = info.mcp.tools_from if info.mcp else ()
        words.append(f"tools-from={','.join(apis) or 'orders-api'}")
    else:
        named = {
            "product": info.product,
            "api": info.api,
            "operation": info.operation,
            "fragment": info.fragment,
        }
        words += [f"{key}={value}" for key, value in named.items() if value]
    return f"<!-- apim-policy: {' '.join(words)} -->"


def _rule(code: str) -> Markup:
    rule = registry.rule(code)
    page = documentation.page(code)
    markup = Markup()
    markup.paragraph(Strong(rule.code), f" {rule.name}")
    markup.paragraph(" · ".join(documentation.facts(rule)))
    does = page.section("What it does")
    if does is not None:
        markup.prose(does.body)
    if address := registry.url(code):
        markup.paragraph(Link("Read the page of the rule", address))
    return markup
