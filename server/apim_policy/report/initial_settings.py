"""A first settings file for a folder, written from what was found in it."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.report.findings import number_of, shown
from apim_policy.text.words import listed
from apim_policy.workspace.model import Confidence, Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from apim_policy.rules.model import Diagnostic
    from apim_policy.text.lines import LineIndex
    from apim_policy.workspace.model import DocumentInfo

# What stands where a number, a yes or no or a listed word is due, and looks like the name of something to fill in.
_FILLED_IN_LATER = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_MISTYPED = "POL004"
_MOST = 12


class Found(NamedTuple):
    """What there is in a folder."""

    folder: Path
    documents: Sequence[DocumentInfo]
    """Ordered by path."""
    findings: Sequence[Diagnostic]
    lines: Callable[[Path], LineIndex]


def render(found: Found) -> str:
    """The text of ``apim-policy.toml``; all that is a guess is commented out."""
    parts = [
        _head(found),
        'profile = "default"          # or "strict", which raises what "default" treats as advice',
        _rules(found),
        '# Files and folders that a search leaves out, as in a .gitignore.\n# exclude = ["**/archive/**"]',
        _gateway(found),
        _levels(),
        _placeholders(found),
        *_documents(found),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(found: Found) -> str:
    scopes = Counter(info.scope for info in found.documents)
    lines = ["# Settings of apim-policy for this folder and all below it."]
    if scopes:
        kinds = listed(f"{count} {scope.value}" for scope, count in scopes.most_common())
        lines.append(f"# {number_of(len(found.documents), 'policy document')} when it was written: {kinds}.")
    else:
        lines.append("# There were no policy documents here when it was written.")
    lines.append("# What each document is taken for, and why: apim-policy scopes")
    return "\n".join(lines)


def _rules(found: Found) -> str:
    lines = [
        "# Rules that do not run: codes, names, families (SEC) or prefixes. To read about one: apim-policy explain CODE"
    ]
    counts = Counter((finding.code, finding.name) for finding in found.findings)
    if counts:
        lines.append("# Found when this was written:")
        width = max(len(name) for _, name in counts)
        lines += [f"#   {code} {name:{width}} {count:5}" for (code, name), count in counts.most_common(_MOST)]
        if len(counts) > _MOST:
            lines.append(
                f"#   and {number_of(len(counts) - _MOST, 'more rule')}: apim-policy lint --statistics"
            )
    return "\n".join([*lines, "ignore = []"])


def _gateway(found: Found) -> str:
    servers = [info for info in found.documents if info.scope is Scope.MCP]
    lines = [
        "[gateway]",
        "# Policies that this kind of gateway lacks are reported: classic, v2, consumption, self-hosted, workspace.",
        '# type = "v2"',
        "# Which request headers reach the API behind an MCP server: only the subscription key (subscription-key-only, hosted",
        "# gateways before the update of November 2025), headers in general (automatic, since then), or unknown.",
    ]
    if servers:
        names = [info.api or shown(info.path, found.folder) for info in servers]
        more = f" and {len(names) - 5} more" if len(names) > 5 else ""
        lines.append(f"# It matters here, for {', '.join(names[:5])}{more}.")
    lines.append('mcp-header-forwarding = "unknown"')
    return "\n".join(lines)


def _levels() -> str:
    return '# A level for a rule, or "off".\n[rules]\n# SCP005 = "warning"\n\n[per-file]\n# "samples/**" = { ignore = ["SCP"] }'


def _placeholders(found: Found) -> str:
    names: dict[str, str] = {}
    for finding in found.findings:
        lines = found.lines(finding.path)
        value = lines.text[finding.span.start : finding.span.end]
        if finding.code == _MISTYPED and _FILLED_IN_LATER.fullmatch(value):
            names.setdefault(
                value, f"{shown(finding.path, found.folder)}:{lines.line_of(finding.span.start) + 1}"
            )
    head = "# Placeholders of your own templates, besides ${…}, #{…}#, __…__ and their kind, which are known."
    if not names:
        return f"{head}\n[placeholders]\n# patterns = ['\\bRETRY_COUNT\\b']"
    patterns = [f"    '\\b{name}\\b',  # {place}" for name, place in sorted(names.items())]
    return "\n".join([head, "[placeholders]", "patterns = [", *patterns, "]"])


def _documents(found: Found) -> Iterator[str]:
    open_ones = [info for info in found.documents if info.confidence is not Confidence.STATED]
    unknown = [info for info in open_ones if info.scope is Scope.UNKNOWN]
    servers = [info for info in open_ones if info.scope is Scope.MCP]
    if servers:
        lines = ["# Taken for policies of MCP servers because of their paths alone. Say what they are:"]
        for info in servers[:_MOST]:
            lines += [
                *_entry(info, found.folder),
                '# scope = "mcp"',
                '# kind = "rest-backed"         # or passthrough',
                '# tools-from = ["orders-api"]',
            ]
        yield "\n".join(lines)
    if unknown:
        lines = [
            "# Nothing says where these apply, so rules about scopes say nothing of them. scope is one of global, workspace,",
            "# product, api, operation, fragment, resolver and mcp; a comment in the document can say it too.",
        ]
        for info in unknown[:_MOST]:
            lines += [*_entry(info, found.folder), '# scope = "api"']
        if len(unknown) > _MOST:
            lines.append(f"# … and {number_of(len(unknown) - _MOST, 'more document')}")
        yield "\n".join(lines)


def _entry(info: DocumentInfo, folder: Path) -> list[str]:
    path = re.sub(r"([*?\[])", r"[\1]", shown(info.path, folder))
    return ["# [[document]]", f"# path = {json.dumps(path, ensure_ascii=False)}"]
