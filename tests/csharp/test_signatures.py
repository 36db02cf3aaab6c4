"""The lines that describe members in the data."""

from __future__ import annotations

import pytest

from apim_policy.csharp import signatures
from apim_policy.csharp.types import MemberKind, Type

OWNER = Type("Owner")


@pytest.mark.parametrize(
    ("line", "name", "kind", "type_"),
    [
        ("string Trim(params char[] trimChars)", "Trim", MemberKind.METHOD, "string"),
        ("static T Parse<T>(string text)", "Parse", MemberKind.METHOD, "T"),
        (
            "IReadOnlyDictionary<string, string[]> Headers { get; }",
            "Headers",
            MemberKind.PROPERTY,
            "IReadOnlyDictionary<string, string[]>",
        ),
        (
            "IDictionary<string, IList<string>> Read(bool keep = false)",
            "Read",
            MemberKind.METHOD,
            "IDictionary<string, IList<string>>",
        ),
        ("char this[int index] { get; }", "this[]", MemberKind.INDEXER, "char"),
        ("JToken[] this[string a, object b] { get; set; }", "this[]", MemberKind.INDEXER, "JToken[]"),
        ("static string Empty;", "Empty", MemberKind.FIELD, "string"),
        (
            "event EventHandler<XObjectChangeEventArgs> Changed;",
            "Changed",
            MemberKind.EVENT,
            "EventHandler<XObjectChangeEventArgs>",
        ),
        (".ctor(char[] value)", ".ctor", MemberKind.CONSTRUCTOR, "Owner"),
        (".ctor()", ".ctor", MemberKind.CONSTRUCTOR, "Owner"),
        ("Indented", "Indented", MemberKind.ENUM_VALUE, "Owner"),
    ],
)
def test_each_kind_of_member_has_its_form(line: str, name: str, kind: MemberKind, type_: str) -> None:
    found = signatures.read(line, OWNER, ())
    assert found is not None
    assert signatures.name_of(line) == name
    assert (found.member.name, found.member.kind, str(found.member.type)) == (name, kind, type_)


def test_parameters_have_modifiers_and_defaults() -> None:
    line = 'static bool Try<T>(string text, out Dictionary<string, T> found, ref int at, string by = ", ", params object[] rest)'
    found = signatures.read(line, OWNER, ())
    assert found is not None
    assert [str(parameter) for parameter in found.member.parameters] == [
        "string text",
        "out Dictionary<string, T> found",
        "ref int at",
        'string by = ", "',
        "params object[] rest",
    ]
    assert found.member.type_parameters == ("T",)
    assert found.member.static


def test_an_extension_method_tells_what_it_extends() -> None:
    found = signatures.read("static U Value<T, U>(this IEnumerable<T> value) where T : JToken", OWNER, ())
    assert found is not None
    assert found.member.extension
    assert str(found.receiver) == "IEnumerable<T>"
    assert [(name, str(type_)) for name, type_ in found.constraints] == [("T", "JToken")]


@pytest.mark.parametrize(
    "line", ["Nope Trim()", "string Trim(Nope value)", ".ctor(Nope value)", "Nope Item { get; }"]
)
def test_a_line_that_names_an_unknown_type_is_left_out(line: str) -> None:
    assert signatures.read(line, OWNER, ()) is None
