"""What may be written at a caret."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from apim_policy.ide import snippets
from apim_policy.ide.cursor import Cursor, Place, locate
from apim_policy.ide.expressions.completion import complete_expression
from apim_policy.ide.expressions.cursor import caret_at
from apim_policy.ide.grammar import Declared, Subject, declared, step
from apim_policy.ide.offers import Surroundings, attributes, children
from apim_policy.ide.proposals import Completion, CompletionKind, Completions
from apim_policy.schema.declarations import Expressions, Status, ValueKind
from apim_policy.schema.model import load
from apim_policy.syntax.tree import Element, Text
from apim_policy.text.span import Span
from apim_policy.workspace.model import Scope

if TYPE_CHECKING:
    from apim_policy.ide.offers import Child
    from apim_policy.schema.declarations import ElementDecl, ValueType
    from apim_policy.syntax.tree import Document


TRIGGERS: dict[str, Place | None] = {
    "<": Place.NAME,
    "/": Place.END_NAME,
    " ": Place.ATTRIBUTE,
    '"': Place.VALUE,
    "'": Place.VALUE,
    "@": None,
    ".": None,
    "(": None,
}
"""Characters after which there may be something to propose, and where each asks for it; None for those of C#."""

_STATUS_GROUP = {Status.PREVIEW: "5", Status.UNDOCUMENTED: "6", Status.RETIRED: "7"}
_MARKS = {Status.PREVIEW: "preview", Status.UNDOCUMENTED: "undocumented", Status.RETIRED: "retired"}
# The policies that authors write most, by a count over public documents.
_LIKELY = (
    "base",
    "set-header",
    "set-variable",
    "choose",
    "return-response",
    "set-body",
    "set-backend-service",
    "include-fragment",
    "authentication-managed-identity",
    "cache-lookup-value",
    "cache-store-value",
    "send-request",
    "trace",
    "forward-request",
    "rewrite-uri",
    "retry",
    "set-query-parameter",
    "validate-jwt",
    "rate-limit-by-key",
    "cors",
    "set-status",
    "set-method",
)
_RANKS = {name: f"{rank:02}" for rank, name in enumerate(_LIKELY)}


def complete(
    document: Document, offset: int, surroundings: Surroundings, trigger: str | None = None
) -> Completions:
    """What may be written at ``offset``.

    ``trigger`` is the character that was just typed, where that alone made the editor ask.
    """
    caret = caret_at(document, offset)
    if caret is not None:
        return complete_expression(caret, trigger)
    cursor = locate(document, offset)
    begun = _begun(document, cursor, trigger)
    if begun is not None:
        return begun
    span = cursor.span
    items: list[Completion] = []
    if trigger is None or TRIGGERS.get(trigger) is cursor.place:
        if cursor.place in (Place.NAME, Place.TEXT):
            span = _whole_text(document, cursor)
            items = _elements(document, cursor, surroundings)
        elif cursor.place is Place.END_NAME:
            items = _end_tags(cursor)
        elif cursor.place is Place.ATTRIBUTE:
            items = _attributes(cursor)
        elif cursor.place is Place.VALUE:
            items = _values(cursor)
            if trigger is None and cursor.whole and not document.slice(span):
                items += _expressions(cursor)
    unit = snippets.indentation_unit(document)
    return Completions(
        tuple(_in_unit(item, unit) for item in items),
        Span(span.start, offset),
        span,
        snippets.indentation(document, offset),
    )


def _begun(document: Document, cursor: Cursor, trigger: str | None) -> Completions | None:
    """After an ``@`` that was just written: the forms of an expression, where one may stand."""
    offset = cursor.offset
    if trigger not in (None, "@") or document.text[offset - 1 : offset] != "@":
        return None
    items = _expressions(cursor)
    span = Span(offset - 1, offset)
    return Completions(tuple(items), span, span, snippets.indentation(document, offset))


def _expressions(cursor: Cursor) -> list[Completion]:
    """The forms of an expression, where the value or text at the caret may be one."""
    value = _value_type(cursor)
    if value is None or value.expressions is Expressions.NOT_ALLOWED:
        return []
    return [
        Completion(
            label=label,
            kind=CompletionKind.EXPRESSION,
            snippet=snippet,
            sort=f"9{rank}",
            filter=label[:2],
            detail=detail,
        )
        for rank, (label, snippet, detail) in enumerate(_FORMS)
    ]


def _value_type(cursor: Cursor) -> ValueType | None:
    """What the value or text at the caret may be."""
    if cursor.place is Place.VALUE:
        tag, attribute = _tag(cursor), cursor.attribute
        decl = tag.decl.attributes.get(attribute.name) if tag and attribute else None
        return decl.type if decl is not None else None
    holder = declared(cursor.around) if cursor.place is Place.TEXT else None
    return holder.decl.text.type if holder is not None and holder.decl.text is not None else None


_FORMS = (
    ("@(…)", "@($0)", "expression: a single value"),
    ("@{ return …; }", "@{\n    return $0;\n}", "expression: statements"),
)


def _in_unit(item: Completion, unit: str) -> Completion:
    snippet = snippets.with_unit(item.snippet, unit)
    if snippet is item.snippet:
        return item
    return replace(item, snippet=snippet)


# Elements and texts


def _elements(document: Document, cursor: Cursor, surroundings: Surroundings) -> list[Completion]:
    if not cursor.around:
        return _documents(document, cursor, surroundings)
    around = list(cursor.around)
    items: list[Completion] = []
    while around:
        holder = declared(around)
        if holder is not None:
            if cursor.place is Place.TEXT and holder.decl.text is not None:
                items += _texts(holder)
            offered = children(document, around, holder, cursor, surroundings)
            items += [_child(item, cursor, surroundings) for item in offered]
        if items or not _is_open(around[-1]) or (holder and _holds(holder)):
            break
        # An element that can hold nothing and lacks its end tag ends before the caret.
        around.pop()
    innermost = cursor.around[-1]
    if _is_open(innermost) and innermost.name:
        slash = "/" if cursor.place is Place.NAME else "</"
        rest = "" if cursor.element is None and _bracket_follows(document, cursor) else ">"
        items.append(
            Completion(
                label=f"</{innermost.name}>",
                kind=CompletionKind.END_TAG,
                snippet=snippets.escaped(f"{slash}{innermost.name}{rest}"),
                sort="8" if items else "0",
                filter=f"{slash}{innermost.name}",
            )
        )
    return items


def _holds(holder: Declared) -> bool:
    return bool(holder.decl.children) or holder.decl.any_policy or holder.decl.any_xml


def _is_open(element: Element) -> bool:
    return element.end_tag is None and not element.self_closing


def _bracket_follows(document: Document, cursor: Cursor) -> bool:
    return document.text.startswith(">", cursor.span.end)


def _child(child: Child, cursor: Cursor, surroundings: Surroundings) -> Completion:
    name, policy = child.decl.name, child.policy
    snippet = (
        policy.snippet
        if policy is not None
        else snippets.element(child.decl, base=surroundings.scope is not Scope.GLOBAL)
    )
    group, mark, detail = "2", "", ""
    if child.required:
        group, mark = "1", "required"
    if policy is not None:
        detail = policy.title
        mark = mark or _MARKS.get(policy.status, "")
        if policy.successor:
            detail = f"{detail}; use {policy.successor}"
        if not child.named or name == "base":
            group = _STATUS_GROUP.get(policy.status, "3" if name in _RANKS else "4")
    rank = f"{child.rank:02}" if group in "12" else _RANKS.get(name, "")
    kind = (
        CompletionKind.SECTION
        if child.section
        else CompletionKind.POLICY
        if policy is not None
        else CompletionKind.CHILD
    )
    return Completion(
        label=name,
        kind=kind,
        snippet=_written(snippet, child.decl, cursor),
        sort=f"{group}{rank}{name}",
        filter=name,
        detail=detail,
        mark=mark,
        deprecated=policy is not None and policy.status is Status.RETIRED,
        subject=Subject(child.path),
    )


def _written(snippet: str, decl: ElementDecl, cursor: Cursor) -> str:
    """As much of an element's snippet as is not there yet."""
    if cursor.place is Place.TEXT:
        return snippet
    if cursor.whole:
        bare = cursor.element is None or not cursor.element.attributes
        return snippets.start_tag(decl, snippets.Stops()) if bare else decl.name
    return snippet.removeprefix("<")


def _documents(document: Document, cursor: Cursor, surroundings: Surroundings) -> list[Completion]:
    root = document.root
    if root is not None and root is not cursor.element:
        return []
    model = load()
    preferred = surroundings.root
    items: list[Completion] = []
    for name in dict.fromkeys((*_DOCUMENTS, *model.roots)):
        found = model.root(name)
        if found is None:
            continue
        items.append(
            Completion(
                label=name,
                kind=CompletionKind.DOCUMENT,
                snippet=_written(found.snippet, found.element, cursor),
                sort=f"{0 if name == preferred else 1}{len(items)}",
                filter=name,
                detail=_DOCUMENTS.get(name, "Resolver document"),
                subject=Subject((name,)),
            )
        )
    return items


_DOCUMENTS = {"policies": "Policy document", "fragment": "Policy fragment"}


def _end_tags(cursor: Cursor) -> list[Completion]:
    if cursor.element is not None:
        names = [cursor.element.name]
    else:
        names = [element.name for element in reversed(cursor.around)]
    return [
        Completion(
            label=f"</{name}>",
            kind=CompletionKind.END_TAG,
            snippet=snippets.escaped(name if cursor.whole else f"{name}>"),
            sort=f"{index:02}",
            filter=name,
        )
        for index, name in enumerate(dict.fromkeys(name for name in names if name))
    ]


# Attributes and values


def _tag(cursor: Cursor) -> Declared | None:
    if cursor.element is not None:
        return declared((*cursor.around, cursor.element))
    # The tag is too broken for the tree.
    return step(declared(cursor.around), cursor.name)


def _attributes(cursor: Cursor) -> list[Completion]:
    tag = _tag(cursor)
    if tag is None:
        return []
    items = []
    for rank, (decl, required) in enumerate(attributes(tag.decl, cursor)):
        default = f"default {decl.default}" if decl.default else ""
        name = snippets.escaped(decl.name)
        items.append(
            Completion(
                label=decl.name,
                kind=CompletionKind.ATTRIBUTE,
                snippet=name if cursor.whole else snippets.attribute(decl, snippets.Stops()),
                sort=f"{0 if required else 1}{rank:02}",
                filter=decl.name,
                detail=default,
                mark="required" if required else "",
                subject=Subject(tag.path, decl.name),
            )
        )
    return items


def _values(cursor: Cursor) -> list[Completion]:
    tag, attribute = _tag(cursor), cursor.attribute
    decl = tag.decl.attributes.get(attribute.name) if tag and attribute else None
    if tag is None or attribute is None or decl is None:
        return []
    quote, close = ("", "") if attribute.quote else ('"', '"')
    if attribute.quote and not cursor.whole:
        close = attribute.quote
    return [
        Completion(
            label=value,
            kind=CompletionKind.VALUE,
            snippet=snippets.escaped(f"{quote}{value}{close}"),
            sort=f"{rank:02}",
            filter=f"{quote}{value}",
            mark="default" if value == decl.default else "",
            subject=Subject(tag.path, decl.name, value if described else None),
        )
        for rank, (value, described) in enumerate(_listed(decl.type, decl.default))
    ]


def _texts(holder: Declared) -> list[Completion]:
    text = holder.decl.text
    if text is None:
        return []
    return [
        Completion(
            label=value,
            kind=CompletionKind.VALUE,
            snippet=snippets.escaped(value),
            sort=f"0{rank:02}",
            filter=value,
            subject=Subject(holder.path, None, value if described else None),
        )
        for rank, (value, described) in enumerate(_listed(text.type, None))
    ]


def _listed(type_: ValueType, default: str | None) -> list[tuple[str, bool]]:
    """Values in their order, with whether the schema describes each."""
    described = type_.kind is not ValueKind.BOOLEAN
    return [(value, described) for value in snippets.choices(type_, default)]


def _whole_text(document: Document, cursor: Cursor) -> Span:
    """What a proposal replaces: in an element that holds one of several words, all of its text."""
    if cursor.place is not Place.TEXT or not cursor.around:
        return cursor.span
    holder = cursor.around[-1]
    found = declared(cursor.around)
    listed = found is not None and found.decl.text is not None and _listed(found.decl.text.type, None)
    if not listed or len(holder.children) != 1 or not isinstance(holder.children[0], Text):
        return cursor.span
    text = holder.children[0]
    raw = document.slice(text)
    start = text.start + len(raw) - len(raw.lstrip())
    end = text.start + len(raw.rstrip())
    if document.literal(text) is None or not start <= cursor.offset <= end:
        return cursor.span
    return Span(start, end)
