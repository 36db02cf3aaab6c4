"""Comments that suppress findings.

Three forms, each with at least one code or slug:

- ``<!-- apim-policy: ignore[XML006] reason -->`` covers the next sibling element and all in it;
- ``<!-- apim-policy: ignore-file[XML006] reason -->`` before the root covers the document;
- ``// apim-policy: ignore[XML006] reason`` inside an expression covers the next line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
    from apim_policy.syntax.tree import Document, Node

_MARK = "apim-policy:"
_DIRECTIVE = re.compile(r"\s*apim-policy:\s*(?P<form>ignore(?:-file)?)\b(?:\s*\[(?P<codes>[^\]]*)\])?")
_IN_EXPRESSION = re.compile(r"//[ \t]*(?=apim-policy:)")
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


def find(document: Document, custom: Collection[str] = ()) -> list[Suppression]:
    """The suppressions of a document, in the order of the text. ``custom`` are the codes of custom rules."""
    if _MARK not in document.text:
        return []
    found = [*_in_markup(document, custom), *_in_expressions(document, custom)]
    found.sort(key=lambda suppression: suppression.span)
    return found


def suppress(
    context: RuleContext, found: Sequence[Diagnostic], active: Collection[str], failed: Collection[str] = ()
) -> list[Diagnostic]:
    """The findings that remain, and what LNT001 says of suppressions that did nothing.

    ``active`` are the codes of the rules that ran on the document. Nothing is said about a suppression of a rule that
    did not run, or that failed.
    """
    custom = [rule.code for rule in context.settings.custom_rules]
    suppressions = find(context.document, custom)
    if not suppressions:
        return list(found)
    used: set[Span] = set()
    remaining = [finding for finding in found if not _covered(finding, suppressions, used)]
    if RULE.code in active:
        ran = frozenset(active) - frozenset(failed)
        own = [finding for item in suppressions for finding in _check(context, item, ran, used)]
        remaining += [finding for finding in own if not _covered(finding, suppressions, used)]
    return remaining


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
                yield Suppression(node.span, _codes(match, custom), covers, whole_file, in_expression=False)


def _in_expressions(document: Document, custom: Collection[str]) -> Iterator[Suppression]:
    text, lines = document.text, document.lines
    for expression in document.expressions():
        if text.find(_MARK, expression.start, expression.end) < 0:
            continue
        for start in _IN_EXPRESSION.finditer(text, expression.start, expression.end):
            line = lines.line_of(start.start())
            match = _DIRECTIVE.match(text, start.end(), lines.line_end(line))
            if match is None:
                continue
            target = line + 1
            while target < lines.line_count and _IN_EXPRESSION.match(lines.line_text(target).lstrip()):
                target += 1
            covers = None
            if target < lines.line_count and lines.line_start(target) < expression.end:
                covers = Span(lines.line_start(target), lines.line_end(target) + 1)
            span = Span(start.start(), min(lines.line_end(line), expression.end))
            yield Suppression(
                span, _codes(match, custom), covers, match["form"] == "ignore-file", in_expression=True
            )


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


def _covered(finding: Diagnostic, suppressions: Sequence[Suppression], used: set[Span]) -> bool:
    covered = False
    for item in suppressions:
        if item.covers is not None and item.covers.start <= finding.span.start < item.covers.end:
            for entry in item.codes:
                if entry.code == finding.code:
                    used.add(entry.span)
                    covered = True
    return covered


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
