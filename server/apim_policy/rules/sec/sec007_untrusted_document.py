"""# SEC007 untrusted-document

## What it does

Reports data of the request that an expression joins with the text of a JSON or XML document or of an SQL statement, once
for each body. The related places show where the data is read, which variables it goes through, and what else of the
request goes into the body.

Nothing is reported about data that `JsonConvert.SerializeObject`, `JObject`, `XElement`, an HTML or URL encoder or a
replacement of quotes went over, about numbers, and about whole values that the document compares with something.

## Why is this bad?

A quote, an angle bracket or a line of SQL in the data ends the value that it was meant to be, and what follows is read
as a part of the document: a field that overrides another, an element, a condition that is always true.

## Example

```xml
<policies>
    <inbound>
        <base />
        <set-body>@("{\\"customer\\": \\"" + context.Request.Headers.GetValueOrDefault("X-Customer", "") + "\\"}")</set-body>
    </inbound>
</policies>
```

## Use instead

```xml
<policies>
    <inbound>
        <base />
        <set-body>@(new JObject(new JProperty("customer", context.Request.Headers.GetValueOrDefault("X-Customer", ""))).ToString())</set-body>
    </inbound>
</policies>
```

## References

- [Set body](https://learn.microsoft.com/azure/api-management/set-body-policy)
- [Injection flaws](https://owasp.org/www-community/Injection_Flaws)
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

from apim_policy.csharp.pieces import GAP, Kind
from apim_policy.rules.model import Rule, Severity
from apim_policy.rules.sec.paths import CALLER, described, places, through
from apim_policy.rules.sec.sinks import sinks
from apim_policy.schema.declarations import RoleKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apim_policy.flow.taint import Strand
    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.rules.sec.sinks import Sink


class _Form(Enum):
    """What a document is, as a message calls it."""

    JSON = "JSON"
    XML = "XML"
    SQL = "an SQL statement"


_ADVICE = {
    _Form.JSON: "Build it with JObject, or encode the value with JsonConvert.SerializeObject.",
    _Form.XML: "Build it with XElement, or encode the value with WebUtility.HtmlEncode.",
    _Form.SQL: "Pass the value as a parameter of the statement.",
}
_FORMS = (
    (_Form.JSON, re.compile(r'^\s*[\[{]\s*(?:["\'{\[]|$)|[{,]\s*["\']\w+["\']\s*:')),
    (_Form.XML, re.compile(r"^\s*<[A-Za-z?!]|<\w[\w:.-]*(?:\s[^<>]*)?>\s*$|<\w[\w:.-]*\s[^<>]*=\s*[\"']$")),
    (
        _Form.SQL,
        re.compile(
            r"^\s*(?:SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s.+\sSET|DELETE\s+FROM|EXEC)\s", re.I | re.S
        ),
    ),
)
_VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE", "EXEC")
_STRINGS = frozenset({Kind.HEADER, Kind.QUERY, Kind.PARAMETER, Kind.PATH})
_QUOTED_SQL = tuple(
    f"{quote}{word}" for quote in ('"', "&quot;") for verb in _VERBS for word in (verb, verb.lower())
)
_ESCAPED = re.compile(r"\\.", re.S)


# How the strings that documents are joined from look in C#, raw or with entities.
_MARKS = ('\\"', "\\&quot;", '@"', "@&quot;", '"<', "&lt;", "{'", "['", *_QUOTED_SQL)


def _check(context: RuleContext) -> Iterator[Diagnostic]:
    text = context.document.text
    if "<set-body" not in text or ("context.Request" not in text and "context.Variables" not in text):
        return
    if not any(mark in text for mark in _MARKS):
        return
    for sink in sinks(context, RoleKind.BODY_SET):
        found = [
            (strand, form)
            for alternative in context.taint.texts(sink.element, sink.owner)
            for strand, form in _inside(alternative)
            if not context.taint.is_tested(strand, sink.policy)
        ]
        if found:
            yield _finding(context, sink, found)


def _finding(context: RuleContext, sink: Sink, found: list[tuple[Strand, _Form]]) -> Diagnostic:
    places_ = {strand.at: strand for strand, _ in reversed(found) if strand.at is not None}
    strand, form = found[0]
    what = _subject(strand)
    message = (
        f"{what} becomes a part of {form.value} as it is{through(strand)}: "
        f"the caller can write more than a value. {_ADVICE[form]}"
    )
    related = places(context, strand, sink.policy)
    related += [
        context.related(at, f"{_subject(other)} becomes a part of it too.")
        for at, other in sorted(places_.items())
        if at != strand.at
    ]
    return RULE.diagnostic(context, strand.at or sink.policy.name_span, message, related=related)


def _subject(strand: Strand) -> str:
    what = described(strand.source) if strand.source is not None else "what was read"
    return f"{what[0].upper()}{what[1:]}"


def _inside(text: tuple[Strand, ...]) -> Iterator[tuple[Strand, _Form]]:
    """What the caller decides inside a document, and what kind of document that is."""
    before = ""
    for strand in text:
        source = strand.source
        if strand.text is not None:
            before += strand.text
            continue
        form = _form(before)
        if (
            source is not None
            and form is not None
            and source.kind in CALLER
            and not strand.encoded
            and not strand.own
        ):
            strings = source.kind in _STRINGS or form is _Form.SQL
            # A body of JSON or XML, put where a value or an element is due, stays JSON or XML.
            if strings or (_in_string(before) if form is _Form.JSON else source.field is not None):
                yield strand, form
        before += GAP


def _form(text: str) -> _Form | None:
    # Where the text of an element holds the expression, its angle brackets may be written as references.
    text = text.replace("&lt;", "<").replace("&gt;", ">")
    return next((form for form, pattern in _FORMS if pattern.search(text)), None)


def _in_string(text: str) -> bool:
    return _ESCAPED.sub("", text).count('"') % 2 == 1


RULE = Rule(
    code="SEC007",
    name="untrusted-document",
    level=Severity.INFO,
    summary="Data of the request that is joined with JSON, XML or SQL as it is",
    check=_check,
    strict=Severity.WARNING,
)
