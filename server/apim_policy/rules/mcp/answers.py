"""Fixes that write down what the author knows and the files do not say: about the gateway, and about a document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.rules.mcp.layout import line_end
from apim_policy.rules.model import FileEdit, Fix
from apim_policy.text.edits import TextEdit, apply_edits
from apim_policy.text.span import Span
from apim_policy.workspace.model import Confidence, McpKind
from apim_policy.workspace.settings import FILE_NAME, McpHeaderForwarding

if TYPE_CHECKING:
    from pathlib import Path

    from apim_policy.syntax.tree import Document
    from apim_policy.workspace.model import DocumentInfo
    from apim_policy.workspace.workspace import Workspace

_TABLE, _KEY = "gateway", "mcp-header-forwarding"
_TITLES = {
    McpHeaderForwarding.AUTOMATIC: "State that the gateway forwards headers",
    McpHeaderForwarding.SUBSCRIPTION_KEY_ONLY: "State that the gateway passes only the key header",
}
_VALUE = re.compile(r"""\s*=\s*("[^"\n]*"|'[^'\n]*')""")
_LINE_REST = re.compile(r"[^\r\n]*")


def about_gateway(workspace: Workspace) -> list[Fix]:
    """For a gateway of which nothing is known, the fixes that say which request headers it forwards."""
    settings = workspace.settings
    if settings.gateway.mcp_header_forwarding is not McpHeaderForwarding.UNKNOWN:
        return []
    path = settings.path or workspace.root / FILE_NAME
    fixes = []
    for answer, title in _TITLES.items():
        edit = settings_edit(settings.text, answer)
        if edit is not None:
            title = f'{title} ({_KEY} = "{answer.value}" in {FILE_NAME})'
            fixes.append(Fix(title, (FileEdit(path, (edit,)),), batch=False))
    return fixes


def settings_edit(text: str, answer: McpHeaderForwarding) -> TextEdit | None:
    """The change of a settings file that states which headers the gateway forwards; all else stays as it is.

    None where the file is written in a way that allows no such change.
    """
    edit = _settings_edit(text, f'{_KEY} = "{answer.value}"', f'"{answer.value}"')
    return edit if edit is not None and _says_only(text, apply_edits(text, [edit]), answer.value) else None


def _settings_edit(text: str, pair: str, value: str) -> TextEdit | None:
    from apim_policy.workspace.toml_positions import key_spans

    end = "\r\n" if "\r\n" in text else "\n"
    spans = key_spans(text)
    key = spans.get((_TABLE, _KEY))
    if key is not None:
        match = _VALUE.match(text, key.end)
        return TextEdit(Span(*match.span(1)), value) if match else None
    table = spans.get((_TABLE,))
    if table is None:
        gap = "" if not text else end if text.endswith("\n") else end * 2
        return TextEdit.insert(len(text), f"{gap}[{_TABLE}]{end}{pair}{end}")
    if text.startswith("[", table.start):
        rest = _LINE_REST.match(text, table.end)
        return TextEdit.insert(rest.end() if rest else table.end, f"{end}{pair}")
    if text.startswith(".", table.end):
        return TextEdit.insert(table.start, f"{_TABLE}.{pair}{end}")
    brace = text.find("{", table.end)
    return TextEdit.insert(brace + 1, f" {pair}{',' if text[brace + 1 :].lstrip()[:1] != '}' else ' '}")


def _says_only(before: str, after: str, value: str) -> bool:
    import tomllib

    try:
        old, new = tomllib.loads(before), tomllib.loads(after)
    except tomllib.TOMLDecodeError:
        return False
    gateway = old.setdefault(_TABLE, {})
    if not isinstance(gateway, dict):
        return False
    gateway[_KEY] = value
    return old == new


def about_document(info: DocumentInfo, document: Document) -> list[Fix]:
    """For a document that only its path makes an MCP server's policy, the fixes that say what it is."""
    root = document.root
    if root is None or info.confidence is not Confidence.ASSUMED:
        return []
    return [
        _statement(info.path, document, root.start, title, words)
        for title, words in (
            (
                "State that this is the policy of a REST-backed MCP server",
                f"scope=mcp kind={McpKind.REST_BACKED.value}",
            ),
            (
                "State that this is the policy of a passthrough MCP server",
                f"scope=mcp kind={McpKind.PASSTHROUGH.value}",
            ),
            ("State that this is not the policy of an MCP server", "scope=api"),
        )
    ]


def _statement(path: Path, document: Document, at: int, title: str, words: str) -> Fix:
    edit = TextEdit.insert(at, f"<!-- apim-policy: {words} -->{line_end(document)}")
    return Fix(title, (FileEdit(path, (edit,)),), batch=False)
