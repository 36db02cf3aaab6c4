"""What the schema says of a policy, an element, an attribute or a value, laid out for the eye."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.ide.grammar import Subject, describe
from apim_policy.ide.markup import Code, Link, Markup, Strong
from apim_policy.schema.declarations import (
    Expressions,
    FragmentUse,
    Once,
    Status,
    ValueKind,
)
from apim_policy.schema.model import load
from apim_policy.workspace.model import Scope
from apim_policy.workspace.settings import GatewayType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apim_policy.ide.markup import Inline
    from apim_policy.schema.declarations import (
        AttributeDecl,
        ChildDecl,
        ElementDecl,
        EnumerationValue,
        Policy,
        ValueType,
    )

_SCOPES = (Scope.GLOBAL, Scope.WORKSPACE, Scope.PRODUCT, Scope.API, Scope.OPERATION)
_SPELLINGS = {"api": "API"}
_DOT = " · "
_STATUSES = {
    Status.PREVIEW: ("In preview", ": it may still change."),
    Status.UNDOCUMENTED: ("Undocumented", ": Microsoft's own schema has it, and no page describes it."),
    Status.RETIRED: ("Retired", "."),
}
_KINDS = {
    ValueKind.STRING: "text",
    ValueKind.INTEGER: "whole number",
    ValueKind.NUMBER: "number",
    ValueKind.DATE_TIME: "date and time",
    ValueKind.DURATION: "duration",
}
# A range wider than this is the width of an integer, not a limit.
_WIDE = 2**31 - 1


def card(subject: Subject) -> Markup | None:
    """The card of a subject; None where the schema knows no such thing."""
    found = describe(subject)
    if found is None:
        return None
    if found.value is not None:
        return _value(subject, found.value, found.attribute)
    if found.attribute is not None:
        return _attribute(subject.path, found.attribute)
    policy = load().policy(subject.path[-1])
    if policy is not None and policy.element is found.element:
        return _policy(policy, found.child, subject.path)
    return _element(subject.path, found.element, found.child)


# Policies and other elements


def _policy(policy: Policy, child: ChildDecl | None, path: tuple[str, ...]) -> Markup:
    markup = Markup()
    title: list[Inline] = [Strong(policy.name)]
    if policy.title != policy.name:
        title += [_DOT, policy.title]
    markup.paragraph(*title)
    if policy.status in _STATUSES:
        status, more = _STATUSES[policy.status]
        successor: list[Inline] = [" Use ", Code(policy.successor), " instead."] if policy.successor else []
        markup.paragraph(Strong(status), more, *successor)
    markup.paragraph(policy.documentation)
    if child is not None and child.documentation != policy.documentation:
        markup.paragraph("In ", Code(path[-2]), f": {child.documentation}")
    markup.lines([*_required(policy.element), *_standing(policy)])
    if policy.doc_url:
        markup.paragraph(Link("Documentation", policy.doc_url))
    return markup


def _standing(policy: Policy) -> list[Sequence[Inline]]:
    """Where a policy may stand and what runs it, a line for each."""
    lines: list[Sequence[Inline]] = []
    if policy.sections:
        disputed = [f"{name} (sources disagree)" for name in policy.disputed_sections]
        lines.append([Strong("Sections"), " ", _all(policy.sections, load().sections, disputed)])
    if policy.scopes:
        lines.append([Strong("Scopes"), " ", _all(policy.scopes, [scope.value for scope in _SCOPES])])
    if policy.gateways:
        lines.append([Strong("Gateways"), " ", _all(policy.gateways, [kind.value for kind in GatewayType])])
    limits = []
    if policy.once is not None:
        limits.append("once per section" if policy.once is Once.SECTION else "once per document")
    if policy.fragment is FragmentUse.NOT_ALLOWED and policy.listed:
        limits.append("not in fragments")
    if policy.fragment is FragmentUse.DISPUTED:
        limits.append("in fragments against its documentation, yet in use")
    limits += [f"skipped by {kind} APIs" for kind in policy.ignored_by]
    if limits:
        lines.append([Strong("Limits"), " ", _DOT.join(limits)])
    return lines


def _all(names: Sequence[str], known: Sequence[str], more: Sequence[str] = ()) -> str:
    if set(known) <= set(names):
        return "all"
    return _DOT.join([*(_SPELLINGS.get(name, name) for name in names), *more])


def _element(path: tuple[str, ...], decl: ElementDecl, child: ChildDecl | None) -> Markup:
    markup = Markup()
    markup.paragraph(Strong(decl.name), *_owner(path[:-1]))
    markup.paragraph(child.documentation if child is not None else decl.documentation)
    facts: list[Inline] = []
    if child is not None:
        facts.append(_times(child))
    if decl.text is not None:
        facts += [*_parted(facts), *_type(decl.text.type)]
    if facts:
        markup.paragraph(*facts)
    markup.lines(_required(decl))
    _link(markup, path)
    return markup


def _required(decl: ElementDecl) -> list[Sequence[Inline]]:
    names = [item.name for item in decl.attributes.values() if item.required or item.soft]
    if not names:
        return []
    line: list[Inline] = [Strong("Required"), " "]
    for index, name in enumerate(names):
        line += [_DOT] if index else []
        line.append(Code(name))
    return [line]


def _times(child: ChildDecl) -> str:
    if child.max is None:
        return "One or more" if child.min else "Any number"
    if child.max == 1:
        return "Required, once" if child.min else "Optional, once"
    return f"{child.min} to {child.max} times" if child.min else f"Up to {child.max} times"


def _owner(path: tuple[str, ...]) -> list[Inline]:
    return [f"{_DOT}in ", Code(path[-1])] if path else []


def _link(markup: Markup, path: tuple[str, ...]) -> None:
    """Where to read about the innermost policy of a path."""
    for name in reversed(path):
        policy = load().policy(name)
        if policy is not None and policy.doc_url:
            markup.paragraph(Link(f"Documentation of {name}", policy.doc_url))
            return


# Attributes and values


def _attribute(path: tuple[str, ...], decl: AttributeDecl) -> Markup:
    markup = Markup()
    markup.paragraph(Strong(decl.name), f"{_DOT}attribute of ", Code(path[-1]))
    markup.paragraph(decl.documentation)
    facts: list[Inline] = [
        "Required" if decl.required else "Required by the documentation" if decl.soft else "Optional"
    ]
    if decl.default is not None:
        facts += [", default ", Code(decl.default) if decl.default else "empty"]
    markup.paragraph(*facts, *_parted(facts), *_type(decl.type))
    markup.bullets([[Code(item.value), f": {item.documentation}"] for item in decl.type.values])
    _link(markup, path)
    return markup


def _parted(before: Sequence[Inline]) -> list[Inline]:
    return [_DOT] if before else []


def _type(type_: ValueType) -> list[Inline]:
    """What a value may be, and whether it may be an expression."""
    facts: list[Inline] = []
    if type_.kind is ValueKind.BOOLEAN:
        facts += [Code("true"), " or ", Code("false")]
    elif type_.form:
        facts.append(type_.form)
    elif type_.kind is not ValueKind.ENUMERATION:
        facts.append(_KINDS[type_.kind])
    limits = [_range(least, greatest) for least, greatest in type_.ranges]
    if any(limits):
        facts.append(", " + " or ".join(filter(None, limits)))
    if type_.kind is ValueKind.ENUMERATION:
        facts.append("one of the values below" if type_.values else "one of several values")
    expression = {
        Expressions.ALLOWED: "expressions allowed",
        Expressions.NOT_ALLOWED: "no expressions",
        Expressions.UNKNOWN: "",
    }[type_.expressions]
    if expression:
        facts += [*_parted(facts), expression]
    return facts


def _range(least: float, greatest: float) -> str:
    low = least > -_WIDE
    high = greatest < _WIDE
    if low and high:
        return f"{least:g} to {greatest:g}"
    if low:
        return f"at least {least:g}"
    return f"at most {greatest:g}" if high else ""


def _value(subject: Subject, value: EnumerationValue, attribute: AttributeDecl | None) -> Markup:
    markup = Markup()
    default = attribute is not None and attribute.default == value.value
    markup.paragraph(
        Strong(value.value),
        f"{_DOT}value of ",
        Code(subject.attribute or subject.path[-1]),
        f"{_DOT}the default" if default else "",
    )
    markup.paragraph(value.documentation)
    _link(markup, subject.path)
    return markup
