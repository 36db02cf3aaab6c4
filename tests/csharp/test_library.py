"""The members that expressions may use, as a user meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from apim_policy.csharp import framework, signatures
from apim_policy.csharp.declarations import type_parameters
from apim_policy.csharp.library import (
    CONTEXT,
    bases,
    complete,
    constructors,
    documentation,
    indexers,
    instance_members,
    known_dotnet,
    lookup,
    namespaces,
    static_members,
    type_allowed,
    type_named,
)
from apim_policy.csharp.types import Allowed, MemberKind, Type, parse_type

DATA = Path(framework.__file__).parent
KEYS = sorted({*framework.framework()["types"], *framework.context()["types"], *framework.dotnet()["added"]})


def named(spelled: str) -> Type:
    found = parse_type(spelled)
    assert found is not None, spelled
    return found


def signatures_of(type_: str, member: str, *, static: bool = False) -> list[str]:
    return [found.signature for found in lookup(named(type_), member, static=static)]


def type_after(path: str) -> str:
    """What a chain of names gives, from `context` on."""
    type_ = CONTEXT
    for name in path.split(".")[1:]:
        found = lookup(type_, name)
        assert found, f"{type_} has no {name}"
        type_ = found[0].type
    return str(type_)


# context


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("context.Request.Headers", "IReadOnlyDictionary<string, string[]>"),
        ("context.Request.Url.Query", "IReadOnlyDictionary<string, string[]>"),
        ("context.Request.Body", "IMessageBody"),
        ("context.Request.MatchedParameters", "IReadOnlyDictionary<string, string>"),
        ("context.Request.PrivateEndpointConnection.GroupId", "string"),
        ("context.Request.Foundry.Deployment", "string"),
        ("context.Response.StatusCode", "int"),
        ("context.Response.StatusReason", "string"),
        ("context.Variables", "IReadOnlyDictionary<string, object>"),
        ("context.Api.ServiceUrl.Host", "string"),
        ("context.Api.SubscriptionKeyParameterNames.Header", "string"),
        ("context.Product.Groups", "IEnumerable<IGroup>"),
        ("context.Product.SubscriptionsLimit", "int?"),
        ("context.Deployment.Gateway.IsManaged", "bool"),
        ("context.Deployment.Certificates", "IReadOnlyDictionary<string, X509Certificate2>"),
        ("context.Subscription.EndDate", "DateTime?"),
        ("context.User.Identities", "IEnumerable<IUserIdentity>"),
        ("context.LastError.Message", "string"),
        ("context.RequestId", "Guid"),
        ("context.Timestamp", "DateTime"),
        ("context.Elapsed", "TimeSpan"),
        ("context.Workspace.Name", "string"),
        ("context.Backend.Type", "BackendType"),
        ("context.GraphQL.Arguments", "IGraphQLDataObject"),
    ],
)
def test_context_has_its_members(path: str, type_: str) -> None:
    assert type_after(path) == type_


def test_the_members_of_context_are_told_with_words() -> None:
    for member in instance_members(CONTEXT):
        assert member.documentation or member.owner.name == "System.Object", member.name
    assert documentation(CONTEXT)


@pytest.mark.parametrize(
    "path",
    ["context.Subscription", "context.User", "context.Product", "context.LastError", "context.Request.Body"],
)
def test_what_may_be_null_says_so(path: str) -> None:
    owner, _, name = path.rpartition(".")
    assert lookup(named(type_after(owner)) if "." in owner else CONTEXT, name)[0].nullable


def test_what_is_always_there_is_not_called_null() -> None:
    assert not lookup(CONTEXT, "Api")[0].nullable
    assert not lookup(CONTEXT, "Response")[0].nullable


@pytest.mark.parametrize(
    ("type_", "member"),
    [
        ("ProxyError", "StatusCode"),
        ("ProxyError", "HttpErrorCode"),
        ("IResponse", "Duration"),
        ("BasicAuthCredentials", "Username"),
        ("Context.Product", "SubscriptionLimit"),
        ("Context.GraphQL", "GraphQLArguments"),
    ],
)
def test_a_name_that_only_some_sources_have_is_never_an_error(type_: str, member: str) -> None:
    (found,) = lookup(named(type_), member)
    assert found.allowed is Allowed.UNSURE


def test_the_other_name_of_those_is_sure() -> None:
    assert lookup(named("BasicAuthCredentials"), "UserId")[0].allowed is Allowed.YES
    assert lookup(named("Context.Product"), "SubscriptionsLimit")[0].allowed is Allowed.YES
    assert lookup(named("Context.GraphQL"), "Arguments")[0].allowed is Allowed.YES


def test_headers_variables_and_parameters_give_values_with_and_without_default() -> None:
    header = "(extension) string GetValueOrDefault(string name)"
    assert signatures_of("IReadOnlyDictionary<string, string[]>", "GetValueOrDefault") == [
        header,
        "(extension) string GetValueOrDefault(string name, string defaultValue)",
    ]
    assert signatures_of("IReadOnlyDictionary<string, string>", "GetValueOrDefault")[0] == header
    assert signatures_of("IReadOnlyDictionary<string, object>", "GetValueOrDefault") == [
        "(extension) T GetValueOrDefault<T>(string name)",
        "(extension) T GetValueOrDefault<T>(string name, T defaultValue)",
    ]


def test_other_dictionaries_have_what_newer_versions_added() -> None:
    found = lookup(named("Dictionary<string, int>"), "GetValueOrDefault")
    assert [str(member.type) for member in found] == ["int", "int"]
    assert {member.allowed for member in found} == {Allowed.UNSURE}


def test_dictionaries_that_can_be_changed_have_it_too() -> None:
    found = lookup(named("IDictionary<string, string>"), "GetValueOrDefault")
    assert [str(member.type) for member in found] == ["string", "string"]


def test_a_body_is_read_as_a_type_of_choice() -> None:
    (member,) = lookup(named("IMessageBody"), "As")
    assert member.type_parameters == ("T",)
    assert member.type == Type("!T")
    assert member.parameters[0].default == "false"


def test_the_service_adds_methods_to_strings_bytes_and_certificates() -> None:
    assert type_after("context.Request.Method") == "string"
    assert str(lookup(named("string"), "AsJwt")[0].type) == "Jwt"
    assert lookup(named("string"), "TryParseBasic")[0].parameters[0].modifier == "out"
    assert len(lookup(named("byte[]"), "Encrypt")) == len(lookup(named("byte[]"), "Decrypt")) == 3
    assert lookup(named("X509Certificate2"), "VerifyNoRevocation")
    assert lookup(named("IDictionary<string, IList<string>>"), "ToQueryString")
    assert not lookup(named("string[]"), "Encrypt")


# .NET


@pytest.mark.parametrize(
    ("type_", "member"),
    [
        ("string", "Contains(char value)"),
        ("string", "Split(string separator, StringSplitOptions options = 0)"),
        ("string", "Split(params char[] separator)"),
        ("JObject", "ContainsKey(string propertyName)"),
        ("JToken", "SelectToken(string path, bool errorWhenNoMatch)"),
        ("Dictionary<string, int>", "Remove(string key, out int value)"),
        ("StringBuilder", "AppendJoin(string separator, params string[] values)"),
        ("DateTimeOffset", "ToUnixTimeSeconds()"),
    ],
)
def test_instances_have_old_and_new_members(type_: str, member: str) -> None:
    name = member.partition("(")[0]
    assert any(found.endswith("." + member) for found in signatures_of(type_, name)), signatures_of(
        type_, name
    )


@pytest.mark.parametrize(
    ("type_", "member"),
    [
        ("string", "Join"),
        ("Convert", "ToHexString"),
        ("SHA256", "HashData"),
        ("SHA256", "Create"),
        ("Math", "Clamp"),
        ("DateTime", "UnixEpoch"),
        ("DateTimeOffset", "FromUnixTimeSeconds"),
        ("Guid", "NewGuid"),
        ("int", "TryParse"),
        ("Encoding", "UTF8"),
        ("Enumerable", "Range"),
        ("Enum", "Parse"),
        ("StringComparison", "OrdinalIgnoreCase"),
        ("StringSplitOptions", "TrimEntries"),
        ("WebUtility", "UrlEncode"),
        ("JToken", "Parse"),
        ("JArray", "FromObject"),
        ("HashAlgorithmName", "SHA256"),
        ("RSASignaturePadding", "Pkcs1"),
    ],
)
def test_types_have_static_members(type_: str, member: str) -> None:
    assert lookup(named(type_), member, static=True)
    assert not [found for found in lookup(named(type_), member) if found.static]


@pytest.mark.parametrize(
    "name",
    [
        "Append Prepend ToHashSet SkipLast TakeLast Chunk DistinctBy ExceptBy IntersectBy UnionBy MinBy MaxBy Order",
        "Select SelectMany Where First FirstOrDefault Any All Count ToList ToArray ToDictionary GroupBy OrderBy Cast",
    ],
)
def test_sequences_have_the_methods_of_linq(name: str) -> None:
    for one in name.split():
        assert any(member.extension for member in lookup(named("string[]"), one)), one


def test_linq_knows_the_items_of_its_receiver() -> None:
    assert signatures_of("List<int>", "First")[0] == "(extension) int First()"
    assert str(lookup(named("string[]"), "Where")[0].type) == "IEnumerable<string>"
    assert str(lookup(named("string"), "Any")[1].parameters[0].type) == "Func<char, bool>"
    select = lookup(named("JArray"), "Select")[0]
    assert select.type_parameters == ("TResult",)
    assert str(select.parameters[0].type) == "Func<JToken, TResult>"
    assert str(lookup(named("MatchCollection"), "Select")[0].parameters[0].type) == "Func<Match, TResult>"


def test_a_receiver_that_is_a_sequence_in_two_ways_leaves_the_items_open() -> None:
    assert lookup(named("JObject"), "Select")[0].type_parameters == ("TSource", "TResult")


def test_extension_methods_keep_to_what_they_extend() -> None:
    assert lookup(named("IEnumerable<XElement>"), "Descendants")
    assert not lookup(named("string[]"), "Descendants")
    assert not lookup(named("int"), "Select")


def test_members_know_the_arguments_of_their_type() -> None:
    (indexer,) = indexers(named("Dictionary<string, int[]>"))
    assert str(indexer.type) == "int[]"
    assert str(lookup(named("KeyValuePair<string, JToken>"), "Value")[0].type) == "JToken"
    assert str(lookup(named("int?"), "Value")[0].type) == "int"
    assert [str(member.type) for member in indexers(named("string[]"))] == ["string"]
    assert [str(member.type) for member in indexers(named("JObject"))] == ["JToken", "JToken"]
    assert str(lookup(named("Func<string, int>"), "Invoke")[0].type) == "int"


def test_a_property_hides_a_property_but_not_a_method_of_its_name() -> None:
    first, *rest = lookup(named("JProperty"), "Value")
    assert first.kind is MemberKind.PROPERTY
    assert rest
    assert all(member.kind is MemberKind.METHOD for member in rest)


def test_types_are_made_with_their_constructors() -> None:
    assert "HMACSHA256(byte[] key)" in [found.signature for found in constructors(named("HMACSHA256"))]
    assert "JProperty(string name, object content)" in [
        found.signature for found in constructors(named("JProperty"))
    ]
    assert not constructors(named("Convert"))


def test_enumerations_list_their_values() -> None:
    values = [
        found.name for found in static_members(named("Formatting")) if found.kind is MemberKind.ENUM_VALUE
    ]
    assert values == ["None", "Indented"]
    assert known_dotnet("Formatting") == "Newtonsoft.Json.Formatting"


def test_a_class_derives_from_its_bases_and_interfaces() -> None:
    found = [str(base) for base in bases(named("Match"))]
    assert found[:2] == ["Group", "Capture"]
    assert found[-1] == "object"
    assert named("IEnumerable<string>") in bases(named("string[]"))
    assert bases(named("object")) == ()


# What expressions may use


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("System.String", Allowed.YES),
        ("System.Collections.Generic.Dictionary`2", Allowed.YES),
        ("System.Text.RegularExpressions.MatchCollection", Allowed.YES),
        ("System.DayOfWeek", Allowed.YES),
        ("IResponse", Allowed.YES),
        ("System.IFormatProvider", Allowed.UNSURE),
        ("System.Security.Cryptography.Aes", Allowed.UNSURE),
        ("System.Xml.XmlDocument", Allowed.UNSURE),
        ("System.ArgumentException", Allowed.UNSURE),
        ("System.Type", Allowed.UNSURE),
        ("System.IO.File", Allowed.NO),
        ("System.IO.Stream", Allowed.NO),
        ("System.Globalization.CultureInfo", Allowed.NO),
        ("System.Globalization.DateTimeStyles", Allowed.NO),
        ("System.Net.Http.HttpClient", Allowed.NO),
        ("System.Threading.Tasks.Task", Allowed.NO),
        ("System.Threading.Thread", Allowed.NO),
        ("System.Environment", Allowed.NO),
        ("System.Diagnostics.Process", Allowed.NO),
        ("System.Reflection.Assembly", Allowed.NO),
        ("System.Activator", Allowed.NO),
        ("System.Console", Allowed.NO),
    ],
)
def test_types_on_the_list_are_allowed(name: str, allowed: Allowed) -> None:
    assert type_allowed(name) is allowed


@pytest.mark.parametrize(
    ("type_", "member", "static", "allowed"),
    [
        ("DateTime", "AddDays", False, Allowed.YES),
        ("DateTime", "UtcNow", True, Allowed.YES),
        ("DateTime", "ToUniversalTime", False, Allowed.NO),
        ("DateTime", "ParseExact", True, Allowed.NO),
        # What System.Object has counts for every type.
        ("DateTime", "GetHashCode", False, Allowed.YES),
        ("Regex", "Replace", True, Allowed.YES),
        ("Regex", "Escape", True, Allowed.NO),
        # Listed for Capture, which Group and Match derive from.
        ("Match", "Value", False, Allowed.YES),
        ("Match", "Success", False, Allowed.YES),
        ("Match", "NextMatch", False, Allowed.NO),
        ("JsonConvert", "SerializeObject", True, Allowed.YES),
        # A static method is not the instance method that System.Object has by that name.
        ("JsonConvert", "ToString", True, Allowed.NO),
        ("XDocument", "Load", True, Allowed.NO),
        ("XDocument", "Parse", True, Allowed.YES),
        ("IPAddress", "Parse", True, Allowed.YES),
        ("IPAddress", "ScopeId", False, Allowed.NO),
        ("HMACSHA256", "ComputeHash", False, Allowed.YES),
        ("Aes", "Create", True, Allowed.UNSURE),
        ("XmlReader", "Read", False, Allowed.YES),
        ("string", "Substring", False, Allowed.YES),
    ],
)
def test_members_on_the_list_of_their_type_are_allowed(
    type_: str, member: str, static: bool, allowed: Allowed
) -> None:
    assert {found.allowed for found in lookup(named(type_), member, static=static)[:1]} == {allowed}


def test_a_bar_may_be_on_one_overload() -> None:
    judged = {
        len(m.parameters): m.allowed for m in lookup(named("SymmetricAlgorithm"), "Create", static=True)
    }
    assert judged == {0: Allowed.NO, 1: Allowed.YES}


@pytest.mark.parametrize(
    "type_",
    [
        "string",
        "int",
        "int?",
        "string[]",
        "JObject",
        "List<int>",
        "Context",
        "IMessageBody",
        "Jwt",
        "DateTime",
        "X509Certificate2",
    ],
)
def test_types_whose_members_are_all_known(type_: str) -> None:
    assert complete(named(type_))


@pytest.mark.parametrize(
    "type_", ["IGraphQLDataObject", "Context.Foundry", "System.Threading.Thread", "System.IO.File"]
)
def test_types_with_members_that_are_not_known(type_: str) -> None:
    assert not complete(named(type_))


def test_an_open_type_is_never_complete() -> None:
    assert not complete(Type("!T"))
    assert lookup(Type("!T"), "Nope") == ()
    assert lookup(Type("null"), "Select") == ()


@pytest.mark.parametrize("name", list(framework.dotnet()["allowed"]))
def test_every_type_on_the_list_is_known_in_full(name: str) -> None:
    plain, _, arity = name.partition("`")
    found = type_named(plain, int(arity or 0))
    assert found is not None
    assert framework.told(name) is not None
    words = framework.dotnet()["allowed"][name].split()
    for word in words:
        if word != "*":
            member = word.removeprefix("-").removesuffix("()")
            has = (
                (member == ".ctor" and constructors(found))
                or lookup(found, member)
                or lookup(found, member, static=True)
            )
            assert has, f"{name} has no {member}"


# Names


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("File", "System.IO.File"),
        ("System.IO.File", "System.IO.File"),
        ("HttpClient", "System.Net.Http.HttpClient"),
        ("Thread", "System.Threading.Thread"),
        ("System.Web.HttpUtility", "System.Web.HttpUtility"),
        ("List", "System.Collections.Generic.List"),
        ("string", "System.String"),
        ("Nope", None),
        ("System.Nope", None),
        # The service's own, though .NET has a type of that name too.
        ("Authorization", None),
        # Nested in another type, so that nobody means it by that name.
        ("KeyCollection", None),
    ],
)
def test_types_of_dotnet_are_known_by_name(name: str, full: str | None) -> None:
    assert known_dotnet(name) == full


def test_an_open_type_shows_its_parameters() -> None:
    assert str(type_named("Dictionary", 2)) == "Dictionary<TKey, TValue>"
    assert type_named("Dictionary", 3) is None
    assert str(type_named("Tuple", 2)) == "Tuple<T1, T2>"
    assert str(type_named("Tuple")) == "Tuple"


def test_namespaces_are_known_with_those_around_them() -> None:
    assert {"System", "System.Text", "System.Security", "Newtonsoft", "Newtonsoft.Json.Linq"} <= namespaces()
    assert "System.TimeZoneInfo" not in namespaces()
    assert "" not in namespaces()


# The data


def lines(key: str) -> list[str]:
    members = (framework.told(key) or {})["members"]
    members = members.split("\n") if isinstance(members, str) else members
    return [line if isinstance(line, str) else line["member"] for line in members if line]


@pytest.mark.parametrize("key", KEYS)
def test_every_line_of_the_data_is_read(key: str) -> None:
    owner, parameters = Type("Owner"), type_parameters(key) if "`" in key else ()
    for line in lines(key):
        found = signatures.read(line, owner, parameters)
        assert found is not None, line
        assert found.member.name == signatures.name_of(line)
    for base in (framework.told(key) or {}).get("bases", ()):
        assert parse_type(base, parameters) is not None, base


def test_every_newer_member_is_read_and_new() -> None:
    for keys, added in framework.dotnet()["newer"].items():
        for line in added:
            old = 0
            for key in keys.split():
                parameters = type_parameters(key) if "`" in key else ()
                found = signatures.read(line.replace("Self", key), Type("Owner"), parameters)
                assert found is not None, (key, line)
                known = (signatures.read(other, Type("Owner"), parameters) for other in lines(key))
                shape = (found.member.name, found.member.static, [p.type for p in found.member.parameters])
                old += any(
                    shape == (k.member.name, k.member.static, [p.type for p in k.member.parameters])
                    for k in known
                    if k is not None
                )
            assert old < len(keys.split()), (keys, line)


def test_the_sources_of_the_service_s_types_are_named() -> None:
    data = framework.context()
    for name, told in data["types"].items():
        assert told["source"] in data["sources"], name
        assert told["text"], name
        for member in told["members"]:
            if isinstance(member, dict):
                assert member.get("source", told["source"]) in data["sources"], member
    assert set(data["incomplete"]) <= set(data["types"])


def test_generated_data_is_sorted_so_that_changes_show() -> None:
    data = json.loads((DATA / "framework.json").read_text(encoding="utf-8"))
    assert list(data["types"]) == sorted(data["types"])
    assert list(data["names"]) == sorted(data["names"])
