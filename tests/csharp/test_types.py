"""Types as users spell them, and as they are shown."""

from __future__ import annotations

import pytest

from apim_policy.csharp.types import Allowed, Member, MemberKind, Parameter, Type, parse_type

STRING = Type("System.String")
INT = Type("System.Int32")


@pytest.mark.parametrize(
    ("spelled", "type_"),
    [
        ("string", STRING),
        ("String", STRING),
        ("System.String", STRING),
        ("int", INT),
        ("int?", Type("System.Nullable", (INT,))),
        ("Nullable<int>", Type("System.Nullable", (INT,))),
        ("string?", STRING),
        ("string[]", Type("[]", (STRING,))),
        ("string[][]", Type("[]", (Type("[]", (STRING,)),))),
        ("int?[]", Type("[]", (Type("System.Nullable", (INT,)),))),
        ("JObject", Type("Newtonsoft.Json.Linq.JObject")),
        ("Newtonsoft.Json.Linq.JObject", Type("Newtonsoft.Json.Linq.JObject")),
        ("TimeZoneInfo.AdjustmentRule", Type("System.TimeZoneInfo.AdjustmentRule")),
        ("IResponse", Type("IResponse")),
        ("Dictionary<string, int>", Type("System.Collections.Generic.Dictionary", (STRING, INT))),
        (
            " List < KeyValuePair<string , int[]> > ",
            Type(
                "System.Collections.Generic.List",
                (Type("System.Collections.Generic.KeyValuePair", (STRING, Type("[]", (INT,)))),),
            ),
        ),
        ("System.Security.Cryptography.HMACSHA256", Type("System.Security.Cryptography.HMACSHA256")),
        ("File", Type("System.IO.File")),
    ],
)
def test_a_spelling_means_a_type(spelled: str, type_: Type) -> None:
    assert parse_type(spelled) == type_


@pytest.mark.parametrize(
    "spelled",
    [
        "",
        "Nope",
        "Nope<int>",
        "List<Nope>",
        "List<",
        "List<int",
        "List<int>>",
        "int,",
        "<int>",
        "?",
        "[]",
        "List<int,>",
        "a b",
        "1",
    ],
)
def test_what_is_no_known_type_means_none(spelled: str) -> None:
    assert parse_type(spelled) is None


def test_a_type_parameter_is_open_until_it_is_filled_in() -> None:
    found = parse_type("IEnumerable<T>", ("T",))
    assert found == Type("System.Collections.Generic.IEnumerable", (Type("!T"),))
    assert found is not None
    assert found.open
    assert str(found) == "IEnumerable<T>"


def test_nesting_that_nobody_writes_is_no_type() -> None:
    assert parse_type("List<" * 10_000 + "int" + ">" * 10_000) is None
    assert parse_type("int" + "[]" * 10_000) is None


@pytest.mark.parametrize(
    "spelled",
    [
        "string",
        "int?",
        "string[]",
        "int?[]",
        "IReadOnlyDictionary<string, string[]>",
        "Func<JToken, bool>",
        "TimeZoneInfo.AdjustmentRule",
        "DateTime?",
        "Jwt",
        "void",
        "System.Threading.Tasks.Task<int>",
    ],
)
def test_a_type_is_shown_as_it_is_written(spelled: str) -> None:
    assert str(parse_type(spelled)) == spelled


def test_signatures_read_like_declarations() -> None:
    parameters = (
        Parameter("value", STRING),
        Parameter("result", INT, "out"),
        Parameter("strict", Type("System.Boolean"), "", "false"),
    )
    method = Member("TryParse", MemberKind.METHOD, INT, Type("System.Boolean"), parameters, static=True)
    assert method.signature == "static bool int.TryParse(string value, out int result, bool strict = false)"
    list_of_strings = Type("System.Collections.Generic.List", (STRING,))
    constructor = Member(
        ".ctor", MemberKind.CONSTRUCTOR, list_of_strings, list_of_strings, (Parameter("capacity", INT),)
    )
    assert constructor.signature == "List<string>(int capacity)"
    indexer = Member("this[]", MemberKind.INDEXER, list_of_strings, STRING, (Parameter("index", INT),))
    assert indexer.signature == "string List<string>[int index]"
    generic = Member("As", MemberKind.METHOD, Type("IMessageBody"), Type("!T"), (), ("T",))
    assert generic.signature == "T IMessageBody.As<T>()"
    assert generic.allowed is Allowed.YES
