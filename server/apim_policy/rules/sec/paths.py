"""The way that data took, in words and as places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.csharp.pieces import Kind
from apim_policy.text.words import listed

if TYPE_CHECKING:
    from apim_policy.csharp.pieces import Source
    from apim_policy.flow.taint import Strand
    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Related
    from apim_policy.syntax.tree import Element

CALLER = frozenset({Kind.HEADER, Kind.QUERY, Kind.PARAMETER, Kind.PATH, Kind.BODY})
"""What the caller of the API decides."""

_NAMED = {
    Kind.HEADER: ("request header", "the collection of request headers"),
    Kind.QUERY: ("query parameter", "the collection of query parameters"),
    Kind.PARAMETER: ("path parameter", "the collection of path parameters"),
    Kind.RESPONSE_HEADER: ("response header", "the collection of response headers"),
    Kind.VARIABLE: ("variable", "a variable"),
}
_WHOLE = {
    Kind.PATH: "the path of the request",
    Kind.BODY: "the body of the request",
    Kind.RESPONSE: "the body of the response",
    Kind.ERROR: "the error",
    Kind.KEY: "the key of the subscription",
    Kind.OTHER: "what was read",
}


def described(source: Source) -> str:
    """What a source is, to stand in a sentence."""
    if source.kind in _NAMED:
        one, all_ = _NAMED[source.kind]
        what = f'the {one} "{source.name}"' if source.name is not None else all_
    elif source.kind is Kind.PATH and source.name == "QueryString":
        what = "the query string of the request"
    else:
        what = _WHOLE[source.kind]
    return f'the field "{source.field}" of {what}' if source.field is not None else what


def through(strand: Strand) -> str:
    """The variables on the way, to follow a clause; nothing where there are none."""
    names = [f'"{hop.variable}"' for hop in strand.hops]
    if not names:
        return ""
    return f", through the variable{'s' if len(names) > 1 else ''} {listed(names)}"


def places(context: RuleContext, strand: Strand, user: Element) -> list[Related]:
    """Where the data is read, which variables it goes into, and where it is used."""
    found = []
    if strand.hops and strand.span is not None and strand.source is not None:
        what = described(strand.source)
        found.append(context.related(strand.span, f"{what[0].upper()}{what[1:]} is read here.", strand.path))
    found += [
        context.related(hop.span, f'It goes into the variable "{hop.variable}" here.', hop.path)
        for hop in strand.hops
    ]
    found.append(context.related(user.name_span, f"It is used here, by {user.name}."))
    return found
