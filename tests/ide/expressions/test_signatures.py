"""The signatures of the call that the caret is in."""

from __future__ import annotations

import pytest

from apim_policy.ide.expressions.cursor import caret_at
from apim_policy.ide.expressions.signatures import Signatures, signatures, spelled, takes
from apim_policy.syntax.parser import parse
from support.completions import inside
from support.markers import parse_markers


def at(code: str) -> Signatures | None:
    fixture = parse_markers(inside(f'<set-variable name="x" value="{code}" />'))
    assert fixture.cursor is not None
    caret = caret_at(parse(fixture.text), fixture.cursor)
    return signatures(caret) if caret is not None else None


def parameter(code: str) -> str:
    """The parameter that the caret is in, as the signature that is shown first has it."""
    found = at(code)
    assert found is not None
    member = found.members[found.active]
    label, spans = spelled(member)
    number = takes(member, found.argument)
    assert number is not None
    return label[slice(*spans[number])]


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("@(context.Request.Body.As<string>($0", "bool preserveContent = false"),
        ("@(context.Request.Body.As<string>($0true))", "bool preserveContent = false"),
        ("@(context.Request.Method.Substring($0", "int startIndex"),
        ("@(context.Request.Method.Substring(1, $0", "int length"),
        ("@(context.Request.Method.Substring(1, a[2, 3], $0", None),
        ("@(context.Request.Method.Substring(f(1, 2), $0)", "int length"),
        ("@(context.Request.Method.Substring((1 + $0", "int startIndex"),
        ("@(context.Request.Headers.GetValueOrDefault(&quot;a, b&quot;, $0", "string defaultValue"),
        ("@(context.Request.Headers.GetValueOrDefault(&quot;a, $0", "string name"),
        ("@(string.Format(&quot;{0}{1}{2}{3}&quot;, 1, 2, 3, 4, $0", "params object[] args"),
        ("@(new Uri($0", "string uriString"),
        ("@(new System.Uri($0", "string uriString"),
        ("@(new Dictionary<string, List<int>>($0", "IEqualityComparer<string> comparer"),
        ("@(context.Variables[$0", "string key"),
        ("@(context?.Variables?[$0", "string key"),
        ("@(JObject.Parse(&quot;{}&quot;)[&quot;a&quot;][$0", "object key"),
        ("@{ var s = context.Request.Method; return s.Replace(a, $0; }", None),
        ("@(new int[0].Select(n => n.ToString($0", None),
    ],
)
def test_the_parameter_at_the_caret_is_shown(code: str, shown: str | None) -> None:
    if shown is None:
        assert at(code) is not None
    else:
        assert parameter(code) == shown


@pytest.mark.parametrize(
    "code",
    [
        "@($0",
        "@(context$0",
        "@((a + $0",
        "@{ if ($0",
        "@{ foreach ($0",
        "@(nothing.f($0",
        "@(f($0",
        "@(new { a = $0",
        "a$0",
    ],
)
def test_elsewhere_nothing_is_shown(code: str) -> None:
    assert at(code) is None


def test_a_block_in_an_argument_is_no_argument() -> None:
    assert at("@(new int[0].Select(n => { return $0") is None


def test_the_first_overload_that_takes_as_many_is_shown() -> None:
    found = at("@(context.Request.Method.Substring(1, $0")
    assert found is not None
    assert [member.signature for member in found.members] == [
        "string string.Substring(int startIndex)",
        "string string.Substring(int startIndex, int length)",
    ]
    assert (found.active, found.argument) == (1, 1)


def test_more_arguments_than_any_overload_takes_name_no_parameter() -> None:
    found = at("@(context.Request.Method.Substring(1, 2, $0")
    assert found is not None
    assert takes(found.members[found.active], found.argument) is None


def test_any_depth_is_answered() -> None:
    found = at("@(" + "context.Request.Method.Substring(" * 2_000 + "$0")
    assert found is not None
    assert at("@(" + "nothing.f(" * 5_000 + "$0") is None
