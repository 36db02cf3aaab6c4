"""What each document was taken for, and by which evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apim_policy.report.findings import shown
from apim_policy.report.style import printable
from apim_policy.report.table import table
from apim_policy.workspace.model import Confidence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from apim_policy.report.style import Style
    from apim_policy.workspace.model import DocumentInfo, Evidence

_CONFIDENCE_COLOURS = {Confidence.STATED: "32", Confidence.ASSUMED: "33", Confidence.NONE: "2"}


def render(infos: Sequence[DocumentInfo], folder: Path, style: Style) -> str:
    """A table with a row for each document and each resource that loads it, its evidence beneath; ends with a line end."""
    rows = [row for info in infos for row in _rows(info, folder, style)]
    return table(("Document", "Scope", "Confidence", "Of"), rows, style)


def as_object(info: DocumentInfo, folder: Path) -> dict[str, Any]:
    """One document as JSON; the shape is kept stable. Lines count from 1."""
    found: dict[str, Any] = {
        "file": shown(info.path, folder),
        "scope": info.scope.value,
        "workspace": info.workspace,
        "product": info.product,
        "api": info.api,
        "operation": info.operation,
        "fragment": info.fragment,
        "mcp": {"kind": info.mcp.kind.value, "tools_from": list(info.mcp.tools_from)} if info.mcp else None,
        "confidence": info.confidence.value,
        "evidence": [
            {"file": shown(item.path, folder), "line": item.line + 1, "text": item.text}
            for item in info.evidence
        ],
    }
    if info.also:
        found["also"] = [as_object(other, folder) for other in info.also]
    return found


def _rows(info: DocumentInfo, folder: Path, style: Style) -> Iterator[list[str] | str]:
    for position, resource in enumerate((info, *info.also)):
        name = "" if position else printable(shown(info.path, folder))
        confidence = style.paint(resource.confidence.value, _CONFIDENCE_COLOURS[resource.confidence])
        yield [name, style.bold(resource.scope.value), confidence, printable(_resource(resource))]
        for item in resource.evidence:
            yield f"  {_evidence(item, folder, style)}"


def _evidence(item: Evidence, folder: Path, style: Style) -> str:
    where = f"{printable(shown(item.path, folder))}:{item.line + 1}"
    return style.dim(f"{where} {printable(item.text)}")


def _resource(info: DocumentInfo) -> str:
    named = [
        f"{kind} {name}"
        for kind, name in (
            ("workspace", info.workspace),
            ("product", info.product),
            ("API", info.api if info.mcp is None else None),
            ("MCP server", info.api if info.mcp is not None else None),
            ("operation", info.operation),
            ("fragment", info.fragment),
        )
        if name is not None
    ]
    if info.mcp is not None:
        assumed = " (assumed)" if info.mcp.kind_assumed else ""
        named.append(f"{info.mcp.kind.value}{assumed}")
        if info.mcp.tools_from:
            named.append(f"tools from {', '.join(info.mcp.tools_from)}")
    return ", ".join(named)
