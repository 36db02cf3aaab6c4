"""Comments that suppress findings.

Three forms, each with at least one code or slug:

- ``<!-- apim-policy: ignore[XML006] reason -->`` covers the next sibling element and all in it;
- ``<!-- apim-policy: ignore-file[XML006] reason -->`` before the root covers the document;
- ``// apim-policy: ignore[XML006] reason`` inside an expression covers the next line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp.code import code_of
from apim_policy.rules import registry
from apim_policy.rules.lnt.lnt001_unused_suppression import RULE
from apim_policy.rules.model import Applicability, FileEdit, Fix, Tag
from apim_policy.syntax.tree import Comment, Element
from apim_policy.text.edits import TextEdit
from apim_policy.text.span import Span
from apim_policy.text.words import listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.syntax.tree import Document, Expression, Node

_MARK = "apim-policy:"
_DIRECTIVE = re.compile(r"\s*apim-policy:\s*(?P<form>ignore(?:-file)?)\b(?:\s*\[(?P<codes>[^\]]*)\])?")
_CODE = re.compile(r"[^\s,]+")


@dataclass(frozen=True, slots=True)
class SuppressedCode:
    """One entry between the brackets."""

    text: str
    span: Span
    code: str | None
    """The rule's code; None where no rule has that code or slug."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment."""

    span: Span
    """The whole comment."""
    codes: tuple[SuppressedCode, ...]
    covers: Span | None
    """The findings that start here are suppressed; None where the comment covers nothing."""
    whole_file: bool
    in_expression: bool
    reason: str
    """What the author wrote behind the codes."""


class Suppressed(NamedTuple):
    """A finding that a comment suppresses."""

    finding: Diagnostic
    reason: str
    """What the comment gives as its reason; empty where it gives none."""


def find(document: Document, custom: Collection[str] = ()) -> list[Suppression]:
    """The suppressions of a document, in the order of the text. ``custom`` are the codes of custom rules."""
    if _MARK not in document.text:
        return []
    found = [*_in_markup(document, custom), *_in_expressions(document, custom)]
    found.sort(key=lambda suppression: suppression.span)
    return found


def suppress(
    context: RuleContext, found: Sequence[Diagnostic], active: Collection[str], failed: Collection[str] = ()
) -> tuple[list[Diagnostic], list[Suppressed]]:
    """The findings that remain, with what LNT001 says of suppressions that did nothing; and those that do not.

    ``active`` are the codes of the rules that ran on the document. Nothing is said about a suppression of a rule that
    did not run, or that failed.
    """
    custom = [rule.code for rule in context.settings.custom_rules]
    suppressions = find(context.document, custom)
    if not suppressions:
        return list(found), []
    used: set[Span] = set()
    hidden: list[Suppressed] = []
    remaining = _uncovered(found, suppressions, used, hidden)
    if RULE.code in active:
        ran = frozenset(active) - frozenset(failed)
        own = [finding for item in suppressions for finding in _check(context, item, ran, used)]
        remaining += _uncovered(own, suppressions, used, hidden)
    return remaining, hidden


def _in_markup(document: Document, custom: Collection[str]) -> Iterator[Suppression]:
    root = document.root
    pending: list[Sequence[Node]] = [document.nodes]
    while pending:
        following: Element | None = None
        for node in reversed(pending.pop()):
            if isinstance(node, Element):
                following = node
                if node.children:
                    pending.append(node.children)
            elif isinstance(node, Comment):
                start, end = node.content_span
                match = _DIRECTIVE.match(document.text, start, end)
                if match is None:
                    continue
                whole_file = match["form"] == "ignore-file"
                covers = following.span if following else None
                if whole_file:
                    before_root = root is not None and node.parent is None and node.start < root.start
                    covers = Span(0, len(document.text) + 1) if before_root else None
                reason = _reason(document.text, match.end(), end)
                yield Suppression(node.span, _codes(match, custom), covers, whole_file, False, reason)


def _in_expressions(document: Document, custom: Collection[str]) -> Iterator[Suppression]:
    for expression in document.expressions():
        if document.text.find(_MARK, expression.start, expression.end) >= 0:
            yield from _in_expression(document, expression, custom)


def _in_expression(
    document: Document, expression: Expression, custom: Collection[str]
) -> Iterator[Suppression]:
    text, lines = document.text, document.lines
    comments = [
        span
        for span in code_of(document, expression).comments(expression.start)
        if text[span.start + 1] == "/"
    ]
    matches = [_DIRECTIVE.match(text, span.start + 2, span.end) for span in comments]
    own = {lines.line_of(span.start) for span, match in zip(comments, matches, strict=True) if match}
    for span, match in zip(comments, matches, strict=True):
        if match is None:
            continue
        line = lines.line_of(span.start) + 1
        while line in own and lines.line_text(line).lstrip().startswith("//"):
            line += 1
        whole_file = match["form"] == "ignore-file"
        covers = None
        if not whole_file and line < lines.line_count and lines.line_start(line) < expression.end:
            covers = Span(lines.line_start(line), lines.line_end(line) + 1)
        # A comment ends before the line end, of which the grammar takes half for a part of it.
        span = Span(span.start, min(span.end, lines.line_end(lines.line_of(span.start))))
        reason = _reason(text, match.end(), span.end)
        yield Suppression(span, _codes(match, custom), covers, whole_file, True, reason)


def _reason(text: str, start: int, end: int) -> str:
    return " ".join(text[start:end].split())


def _codes(directive: re.Match[str], custom: Collection[str]) -> tuple[SuppressedCode, ...]:
    if directive["codes"] is None:
        return ()
    offset = directive.start("codes")
    found = []
    for match in _CODE.finditer(directive["codes"]):
        name = registry.find(match.group())
        span = Span(offset + match.start(), offset + match.end())
        code = name.code if name else next((code for code in custom if code == match.group().upper()), None)
        found.append(SuppressedCode(match.group(), span, code))
    return tuple(found)


def _uncovered(
    found: Sequence[Diagnostic],
    suppressions: Sequence[Suppression],
    used: set[Span],
    hidden: list[Suppressed],
) -> list[Diagnostic]:
    """The findings that no comment covers; the others go to ``hidden``, the codes that cover them to ``used``."""
    ahead: dict[str | None, list[tuple[Span, Span, str]]] = {}
    for item in suppressions:
        if item.covers is None:
            continue
        for entry in item.codes:
            ahead.setdefault(entry.code, []).append((item.covers, entry.span, item.reason))
    for ranges in ahead.values():
        ranges.sort(reverse=True)
    around: dict[str, list[tuple[Span, Span, str]]] = {}
    remaining = []
    for finding in sorted(found, key=lambda finding: finding.span.start):
        start = finding.span.start
        coming, covering = ahead.get(finding.code, []), around.setdefault(finding.code, [])
        while coming and coming[-1][0].start <= start:
            covering.append(coming.pop())
        covering[:] = [entry for entry in covering if entry[0].end > start]
        used.update(span for _, span, _ in covering)
        if covering:
            hidden.append(Suppressed(finding, covering[-1][2]))
        else:
            remaining.append(finding)
    return remaining


def _check(
    context: RuleContext, item: Suppression, ran: Collection[str], used: Collection[Span]
) -> list[Diagnostic]:
    if not item.codes:
        message = (
            "This suppression names no rule, so it suppresses nothing. Name the rules, as in ignore[XML006]."
        )
        return [RULE.diagnostic(context, item.span, message)]
    if item.whole_file and item.covers is None:
        message = (
            "ignore-file works only in a comment before the root element. "
            "Move it there, or write ignore to cover the next element."
        )
        return [RULE.diagnostic(context, item.span, message)]
    unknown = [entry for entry in item.codes if entry.code is None]
    idle = [
        entry
        for entry in item.codes
        if entry.code in ran and entry.code != RULE.code and entry.span not in used
    ]
    if item.covers is None:
        what = "No line of the expression" if item.in_expression else "No element"
        message = f"{what} follows this suppression, so it suppresses nothing. Remove it."
        return [_whole(context, item, message)]
    if len(idle) == len(item.codes):
        names = listed((entry.text for entry in idle), "or")
        where = "in this document" if item.whole_file else "here"
        return [
            _whole(context, item, f"There is no finding of {names} {where} to suppress. Remove the comment.")
        ]
    return [
        *(_unknown(context, entry) for entry in unknown),
        *(_idle(context, item, entry) for entry in idle),
    ]


def _whole(context: RuleContext, item: Suppression, message: str) -> Diagnostic:
    edit = TextEdit(context.document.lines.to_remove(item.span), "")
    fix = _fix(context, item, "Remove the suppression", edit)
    return RULE.diagnostic(context, item.span, message, fixes=[fix], tags=[Tag.UNNECESSARY])


def _idle(context: RuleContext, item: Suppression, entry: SuppressedCode) -> Diagnostic:
    message = f"There is no finding of {entry.text} here to suppress. Remove the code."
    index = item.codes.index(entry)
    if index:
        span = Span(item.codes[index - 1].span.end, entry.span.end)
    else:
        span = Span(entry.span.start, item.codes[1].span.start)
    fix = _fix(context, item, f"Remove {entry.text} from the suppression", TextEdit(span, ""))
    return RULE.diagnostic(context, entry.span, message, fixes=[fix], tags=[Tag.UNNECESSARY])


def _unknown(context: RuleContext, entry: SuppressedCode) -> Diagnostic:
    if entry.text.upper() in registry.families():
        message = f'"{entry.text}" is a family of rules. A suppression names each rule, as in ignore[XML006].'
        return RULE.diagnostic(context, entry.span, message)
    nearest = registry.nearest(entry.text)
    if nearest is None:
        message = (
            f'There is no rule "{entry.text}", so nothing is suppressed by it. Give the code of the finding.'
        )
        return RULE.diagnostic(context, entry.span, message)
    message = f'There is no rule "{entry.text}", so nothing is suppressed by it. Did you mean "{nearest}"?'
    edit = FileEdit(context.path, (TextEdit(entry.span, nearest),))
    fix = Fix(f'Replace "{entry.text}" with "{nearest}"', (edit,), Applicability.UNSAFE)
    return RULE.diagnostic(context, entry.span, message, fixes=[fix])


def _fix(context: RuleContext, item: Suppression, title: str, edit: TextEdit) -> Fix:
    # The bytes of an expression are the author's: nothing there counts as safe.
    applicability = Applicability.UNSAFE if item.in_expression else Applicability.SAFE
    return Fix(title, (FileEdit(context.path, (edit,)),), applicability, preferred=True)
