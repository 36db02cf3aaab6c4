"""# SCP007 misplaced-section

## What it does

Reports what may not stand directly under `<policies>`: a section that is there already, an element that is no section,
and a policy outside the sections. Policies that stand there side by side are one finding. Nothing is said where a
template decides what the document holds.

## Why is this bad?

The root holds the four sections `inbound`, `backend`, `outbound` and `on-error`, each at most once. The service rejects
the document when it is saved.

## Example

```xml
<policies>
    <inbound>
        <base />
    </inbound>
    <inbound>
        <rewrite-uri template="/orders" />
    </inbound>
</policies>
```

```xml
<policies>
    <inbond>
        <base />
    </inbond>
</policies>
```

```xml
<policies>
    <inbound>
        <base />
    </inbound>
    <set-method>GET</set-method>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <base />
        <rewrite-uri template="/orders" />
        <set-method>GET</set-method>
    </inbound>
</policies>
```

## Fix safety

The fixes are unsafe, because they decide what runs, and when. The second section's policies are moved to the end of the
first; a section that adds nothing is removed. A misspelt section gets the nearest name. A policy is moved only when there
is one section that it may stand in.

## References

- [Policy definition](https://learn.microsoft.com/azure/api-management/set-edit-policies)
- [Policies in API Management: sections](https://learn.microsoft.com/azure/api-management/api-management-howto-policies)
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from apim_policy.rules.model import Applicability, FileEdit, Fix, Rule, Severity
from apim_policy.syntax.names import POLICIES, SECTIONS
from apim_policy.syntax.tree import Comment, Element, Text
from apim_policy.text.edits import TextEdit, apply_edits
from apim_policy.text.words import listed, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.syntax.tree import Document, Node


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    root = context.document.root
    if root is None or root.name != "policies" or root.open:
        return
    sections: dict[str, Element] = {}
    for is_policy, elements in groupby(root.elements(), key=lambda element: element.name in POLICIES):
        if is_policy:
            yield _outside(context, root, list(elements))
            continue
        for element in elements:
            if element.name not in SECTIONS:
                yield _unknown(context, root, element)
            elif (first := sections.setdefault(element.name, element)) is not element:
                yield _again(context, first, element)


# A policy outside the sections


def _outside(context: RuleContext, root: Element, policies: list[Element]) -> Diagnostic:
    from apim_policy.schema.model import load

    model = load()
    name = policies[0].name
    allowed = [
        section
        for section in model.sections
        if all((policy := model.policy(each.name)) and section in policy.sections for each in policies)
    ]
    more = len(policies) - 1
    others = "policy" if more == 1 else "policies"
    what = f"{name} and {more} more {others} after it stand" if more else f"{name} stands"
    where = f"into {listed(allowed or model.sections, 'or')}"
    message = f"{what} directly under <policies>, which holds only sections. Move {'them' if more else 'it'} {where}."
    sure = len(allowed) == 1 and _is_sound(context.document, policies[0].start, policies[-1].end)
    fixes = [_into(context, root, policies, allowed[0])] if sure else []
    return RULE.diagnostic(context, policies[0].name_span, message, fixes=fixes)


def _into(context: RuleContext, root: Element, policies: list[Element], name: str) -> Fix:
    from apim_policy.rules.mcp.layout import appended, indentation, line_end, step

    document = context.document
    nodes = _with_comments(document, root, policies)
    start, end = nodes[0].start, nodes[-1].end
    deeper = step(document, root)
    shifts = [TextEdit.insert(offset, deeper) for offset in _line_starts(document, nodes)]
    section = root.child(name)
    if section is not None:
        local = [TextEdit.insert(edit.span.start - start, deeper) for edit in shifts]
        moved = apply_edits(document.text[start:end], local)
        edits = [*_removed(document, nodes, policies), appended(document, section, [(0, moved)])]
    else:
        indent = indentation(document, nodes[0])
        newline = line_end(document)
        before = f"<{name}>" if indent is None else f"<{name}>{newline}{indent}{deeper}"
        after = f"</{name}>" if indent is None else f"{newline}{indent}</{name}>"
        edits = [TextEdit.insert(start, before), *shifts, TextEdit.insert(end, after)]
    return _unsafe(context, f"Move into {name}", edits)


def _with_comments(document: Document, root: Element, policies: list[Element]) -> list[Node]:
    """Policies that stand side by side, with the comments above and between them, without the white space."""
    nodes = [node for node in root.children if document.slice(node).strip()]
    first = nodes.index(policies[0])
    while first and isinstance(nodes[first - 1], Comment):
        first -= 1
    return nodes[first : nodes.index(policies[-1]) + 1]


def _removed(document: Document, nodes: list[Node], policies: list[Element]) -> list[TextEdit]:
    from apim_policy.rules.mcp.layout import taken_out

    removal = taken_out(document, policies[0], policies[-1])
    if nodes[0] is policies[0]:
        return [removal]
    # The comments above go too; what is left of their first line is the indentation of what follows.
    start = nodes[0].start
    if removal.span.start < policies[0].start:
        start = len(document.text[:start].rstrip())
    return [TextEdit.delete(start, removal.span.end)]


def _line_starts(document: Document, nodes: list[Node]) -> Iterator[int]:
    """Where tags, attributes and comments begin a line, but for the first; what code and text do stays as it is."""
    starts = [node.start for node in nodes]
    for node in nodes:
        for element in node.walk() if isinstance(node, Element) else ():
            starts.extend(child.start for child in element.children if not isinstance(child, Text))
            starts.extend(attribute.start for attribute in element.attributes)
            if element.end_tag:
                starts.append(element.end_tag.start)
    for start in sorted(starts)[1:]:
        line = document.lines.line_start(document.lines.line_of(start))
        if not document.text[line:start].strip():
            yield start


# A section that is none


def _unknown(context: RuleContext, root: Element, element: Element) -> Diagnostic:
    from apim_policy.schema.model import load

    sections = load().sections
    name = element.name
    message = f"<{name}> is no section of <policies>; the sections are {listed(sections)}."
    meant = nearest(name, sections)
    fixes = []
    if meant is not None:
        message = f"{message} Did you mean <{meant}>?"
        if root.child(meant) is None:
            spans = [element.name_span, *([element.end_tag.name_span] if element.end_tag else [])]
            edits = [TextEdit(span, meant) for span in spans]
            fixes = [_unsafe(context, f"Change to <{meant}>", edits)]
    return RULE.diagnostic(context, element.name_span, message, fixes=fixes)


# A section that is there already


def _again(context: RuleContext, first: Element, second: Element) -> Diagnostic:
    name = second.name
    line = context.document.lines.line_of(first.start) + 1
    message = (
        f"<{name}> stands here a second time, after line {line}. Put all its policies into one <{name}>."
    )
    related = context.related(first.name_span, f"The first <{name}>")
    fix = _joined(context, first, second)
    return RULE.diagnostic(
        context, second.name_span, message, related=[related], fixes=[fix] if fix is not None else []
    )


def _joined(context: RuleContext, first: Element, second: Element) -> Fix | None:
    """One section of both; None where both inherit, and the second does so among its policies."""
    from apim_policy.rules.mcp.layout import appended, taken_out

    document = context.document
    if not _content(document, first):
        return _unsafe(context, f"Remove the empty <{first.name}>", [taken_out(document, first, first)])
    content = _content(document, second)
    if first.child("base") and content and _is_base(content[0]):
        content = content[1:]
    removal = taken_out(document, second, second)
    if not content:
        return _unsafe(context, f"Remove the second <{second.name}>", [removal])
    if first.child("base") and any(map(_is_base, content)):
        return None
    if not _is_sound(document, first.start, second.end):
        return None
    moved = document.text[content[0].start : content[-1].end]
    title = f"Move its policies to the end of the first <{first.name}>"
    return _unsafe(context, title, [removal, appended(document, first, [(0, moved.strip())])])


def _content(document: Document, section: Element) -> list[Node]:
    """What a section holds, without the white space."""
    return [node for node in section.children if document.slice(node).strip()]


def _is_sound(document: Document, start: int, end: int) -> bool:
    """Whether a stretch of the text can be moved: a syntax error in it may have put its end in the wrong place."""
    return not any(start <= fault.start < end for fault in document.faults)


def _is_base(node: Node) -> bool:
    return isinstance(node, Element) and node.name == "base"


def _unsafe(context: RuleContext, title: str, edits: Sequence[TextEdit]) -> Fix:
    return Fix(title, (FileEdit(context.path, tuple(edits)),), Applicability.UNSAFE, preferred=True)


RULE = Rule(
    code="SCP007",
    name="misplaced-section",
    level=Severity.ERROR,
    summary="Duplicate or unknown section, policy directly under `policies`",
    check=_check,
    fix=Applicability.UNSAFE,
)
