"""Reads of bodies in one expression."""

from __future__ import annotations

import pytest

from apim_policy.csharp.bodies import BodyReads, body_reads
from apim_policy.syntax.parser import parse


def reads(raw: str) -> tuple[BodyReads, str]:
    document = parse(f"<fragment><trace>{raw}</trace></fragment>")
    (expression,) = document.expressions()
    return body_reads(document, expression), document.slice(expression)


@pytest.mark.parametrize(
    ("raw", "owner", "call"),
    [
        ("@(context.Request.Body.As<JObject>())", "context.Request", "context.Request.Body.As<JObject>"),
        ("@(context.Response.Body?.As<byte[]>())", "context.Response", "context.Response.Body?.As<byte[]>"),
        (
            "@(context.Request.Body.As&lt;Dictionary&lt;string, int?&gt;&gt;())",
            "context.Request",
            "context.Request.Body.As&lt;Dictionary&lt;string, int?&gt;&gt;",
        ),
        (
            "@(context.Request.Body.AsFormUrlEncodedContent())",
            "context.Request",
            "context.Request.Body.AsFormUrlEncodedContent",
        ),
        (
            '@(((IResponse)context.Variables["r"]).Body.As<string>())',
            "Variables[r]",
            '((IResponse)context.Variables["r"]).Body.As<string>',
        ),
        ("@{ var b = context.Request.Body; return b.As<string>(); }", "context.Request", "b.As<string>"),
        (
            '@((string)context.Request.Body.As<JObject>()["a"])',
            "context.Request",
            "context.Request.Body.As<JObject>",
        ),
    ],
)
def test_what_is_read(raw: str, owner: str, call: str) -> None:
    found, source = reads(raw)
    (read,) = found.reads
    assert (read.owner, source[slice(*read.span)]) == (owner, call)


@pytest.mark.parametrize(
    ("arguments", "preserved"),
    [
        ("", False),
        ("false", False),
        ("preserveContent: false", False),
        ("true", True),
        ("preserveContent:true", True),
        ("keep", True),
    ],
)
def test_whether_the_body_stays(arguments: str, preserved: bool) -> None:
    found, source = reads(f"@(context.Request.Body.As<string>({arguments}))")
    (read,) = found.reads
    assert (read.preserved, source[slice(*read.arguments)]) == (preserved, arguments)


@pytest.mark.parametrize(
    "raw",
    [
        '@("context.Request.Body.As<string>()")',
        "@(/* context.Request.Body.As<string>() */ 1)",
        "@(other.Body.As<string>())",
        "@(context.Request.Body != null)",
        "@(context.Request.Body.As<string>)",
    ],
)
def test_no_read(raw: str) -> None:
    assert reads(raw)[0].reads == ()


@pytest.mark.parametrize(
    ("raw", "branches"),
    [
        ("@(a ? context.Request.Body.As<string>() : context.Request.Body.As<string>())", True),
        ("@(a && context.Request.Body.As<bool>())", True),
        ("@(context.Request.Body.As<string>() + context.Request.Body.As<string>())", False),
    ],
)
def test_whether_all_reads_are_made(raw: str, branches: bool) -> None:
    assert reads(raw)[0].branches is branches
