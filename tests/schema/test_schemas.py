"""The XSDs by themselves: in two validators, and complete in what they say."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import xmlschema
from lxml import etree

from apim_policy.schema.files import schemas_dir
from apim_policy.schema.model import load
from apim_policy.syntax.masking import masked
from apim_policy.syntax.parser import parse
from support.snippets import filled_in

if TYPE_CHECKING:
    from apim_policy.schema.declarations import ElementDecl, ValueType

FOLDER = schemas_dir()
FILES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.xsd"))
POLICIES = load().policy_names


@cache
def by_lxml(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(FOLDER / name))


@cache
def by_xmlschema(name: str) -> xmlschema.XMLSchema10:
    return xmlschema.XMLSchema10(str(FOLDER / name), validation="strict", allow="local")


def verdicts(name: str, text: str) -> tuple[bool, bool]:
    twin = masked(parse(text)).strip()
    return by_lxml(name).validate(etree.fromstring(twin)), by_xmlschema(name).is_valid(twin)


def elements_of(element: ElementDecl, path: str) -> list[tuple[str, ElementDecl]]:
    found = [(path, element)]
    for name, child in element.children.items():
        if not load().is_policy(name):
            found += elements_of(child.element, f"{path}/{name}")
    return found


@pytest.mark.parametrize("name", FILES)
def test_a_schema_loads_in_both_validators(name: str) -> None:
    assert by_lxml(name) is not None
    assert by_xmlschema(name).validity == "valid"


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_documents_all_it_holds(name: str) -> None:
    policy = load().policy(name)
    assert policy is not None
    assert policy.title
    assert policy.sources
    for path, element in elements_of(policy.element, name):
        assert_words(element.documentation, path)
        for child in element.children.values():
            assert_words(child.documentation, f"{path}/{child.element.name}")
        for attribute in element.attributes.values():
            assert_words(attribute.documentation, f"{path}@{attribute.name}")
            for value in attribute.type.values:
                assert_words(value.documentation, f"{path}@{attribute.name}={value.value}")


def assert_words(words: str, where: str) -> None:
    assert words.endswith("."), f"{where}: {words!r} is no sentence"
    assert len(words) <= 320, f"{where}: too long for a hover card"
    assert len(re.findall(r"[.!?](?=\s|$)", words)) <= 4, f"{where}: more than a few sentences"


@pytest.mark.parametrize("name", POLICIES)
def test_a_snippet_is_a_sound_policy(name: str) -> None:
    policy = load().policy(name)
    assert policy is not None
    text = filled_in(policy.snippet)
    assert "\t" not in text
    file = {"base": "policies.xsd", "set-url": "types.xsd"}.get(name, f"policies/{name}.xsd")
    assert verdicts(file, text) == (True, True), text
    assert policy.element.attributes.keys() >= set(etree.fromstring(masked(parse(text))).attrib)


@pytest.mark.parametrize("name", load().roots)
def test_a_whole_document_from_a_snippet_is_sound(name: str) -> None:
    root = load().root(name)
    assert root is not None
    file = name if name in ("policies", "fragment") else "resolver"
    assert verdicts(f"{file}.xsd", filled_in(root.snippet)) == (True, True)


def types_of(name: str) -> list[tuple[str, ValueType]]:
    policy = load().policy(name)
    assert policy is not None
    return [
        (f"{path}@{attribute.name}", attribute.type)
        for path, element in elements_of(policy.element, name)
        for attribute in element.attributes.values()
    ]


@pytest.mark.parametrize("name", POLICIES)
def test_a_pattern_means_the_same_in_python(name: str) -> None:
    for where, kind in types_of(name):
        for pattern in kind.patterns:
            assert re.compile(pattern), where
            assert not re.search(r"\\[icpICP]", pattern), (
                f"{where}: {pattern} has an escape that only XSD knows"
            )


def in_policy(content: str, section: str = "inbound") -> str:
    return f"<policies><{section}>{content}</{section}></policies>"


SOUND = [
    pytest.param(
        "policies.xsd",
        in_policy(
            '<retry condition="@(true)" count="@(3)" interval="0"><forward-request timeout="300" buffer-request-body="true" /></retry>',
            "backend",
        ),
        id="wrapped forwarding",
    ),
    pytest.param(
        "policies.xsd",
        in_policy(
            '<validate-jwt header-name="a"><openid-config url="u" /><audiences /><decryption-keys><key /></decryption-keys></validate-jwt>'
        ),
        id="child at its second place",
    ),
    pytest.param(
        "policies.xsd",
        in_policy(
            '<trace source="s">@(context.RequestId)<metadata name="a" value="b" /><message>m</message></trace>'
        ),
        id="text beside children",
    ),
    pytest.param(
        "resolver.xsd",
        '<http-data-source><http-request><set-method>GET</set-method><set-url>@("u")</set-url></http-request></http-data-source>',
        id="resolver",
    ),
    pytest.param("policies.xsd", "<policies />", id="no section"),
    pytest.param(
        "policies.xsd",
        "<policies><outbound /><inbound><base /></inbound></policies>",
        id="sections in any order",
    ),
    pytest.param("fragment.xsd", '<fragment><set-variable name="a" value="b" /></fragment>', id="fragment"),
    pytest.param(
        "policies.xsd",
        in_policy(
            '<set-header name="@("a" + 1)" exists-action="@(context.Variables["x"])" id="n"><value>@{ return "<"; }</value></set-header>'
        ),
        id="expressions",
    ),
    pytest.param(
        "policies.xsd",
        in_policy(
            '<choose><when condition="{{flag}}"><choose><when condition="true"><base-less /></when></choose></when></choose>'
        ).replace("<base-less />", '<set-status code="${code}" reason="r" />'),
        id="named value and placeholder",
    ),
    pytest.param(
        "policies.xsd",
        in_policy(
            '<set-body template="liquid"><a xmlns="urn:a"><b>{{body.x}}</b></a></set-body>', "outbound"
        ),
        id="foreign XML in a body",
    ),
    pytest.param(
        "policies.xsd",
        in_policy(
            '<return-response><set-status code="401" /><set-header name="a" /><set-header name="b" /><set-body /></return-response>'
        ),
        id="children in order",
    ),
]

FAULTY = [
    pytest.param(
        "policies.xsd",
        in_policy('<retry condition="true" count="51" interval="1" />'),
        id="count out of range",
    ),
    pytest.param(
        "policies.xsd",
        in_policy(
            '<retry condition="true" count="2" interval="1"><choose><when condition="true"><set-heder /></when></choose></retry>'
        ),
        id="unknown policy deep inside",
    ),
    pytest.param(
        "policies.xsd",
        in_policy("<wait><set-variable name='a' value='b' /></wait>"),
        id="policy that wait does not hold",
    ),
    pytest.param(
        "policies.xsd",
        in_policy(
            '<send-request response-variable-name="r"><set-method>GET</set-method><set-url>u</set-url></send-request>'
        ),
        id="parts of a call in the wrong order",
    ),
    pytest.param(
        "policies.xsd",
        in_policy(
            '<validate-jwt header-name="a"><decryption-keys><key /></decryption-keys><issuers /><decryption-keys><key /></decryption-keys></validate-jwt>'
        ),
        id="child at both of its places",
    ),
    pytest.param("policies.xsd", in_policy("<http-data-source />"), id="resolver in a section"),
    pytest.param(
        "policies.xsd",
        in_policy('<limit-concurrency key="k" max-count="@(1)" />'),
        id="expression where a number is due",
    ),
    pytest.param("policies.xsd", in_policy('<proxy url="https://p" />'), id="address of another form"),
    pytest.param("policies.xsd", in_policy("<set-method />"), id="empty text"),
    pytest.param(
        "resolver.xsd",
        "<http-data-source><http-request><set-url>u</set-url></http-request></http-data-source>",
        id="resolver without a method",
    ),
    pytest.param(
        "policies.xsd", '<policies><set-status code="200" /></policies>', id="policy outside the sections"
    ),
    pytest.param("policies.xsd", "<policies><inbound /><inbound /></policies>", id="section twice"),
    pytest.param("policies.xsd", "<policies><inbuond /></policies>", id="unknown section"),
    pytest.param("policies.xsd", in_policy("<set-heder />"), id="unknown policy"),
    pytest.param("policies.xsd", in_policy('<when condition="true" />'), id="child outside its parent"),
    pytest.param(
        "policies.xsd",
        in_policy("<choose><when condition='true'><base /></when></choose>"),
        id="base inside a policy",
    ),
    pytest.param("policies.xsd", in_policy("<choose><otherwise /></choose>"), id="missing child"),
    pytest.param(
        "policies.xsd",
        in_policy('<choose><otherwise /><when condition="true" /></choose>'),
        id="children in the wrong order",
    ),
    pytest.param(
        "policies.xsd", in_policy('<set-header name="a" exist-action="skip" />'), id="unknown attribute"
    ),
    pytest.param(
        "policies.xsd",
        in_policy('<set-header name="a" exists-action="replace" />'),
        id="value outside the enumeration",
    ),
    pytest.param("policies.xsd", in_policy('<set-header name="a">v</set-header>'), id="text for a child"),
    pytest.param("policies.xsd", in_policy('<set-status reason="OK" />'), id="missing attribute"),
    pytest.param("policies.xsd", in_policy('<set-status code="0" reason="OK" />'), id="number out of range"),
    pytest.param(
        "policies.xsd",
        in_policy('<set-variable name="@("a")" value="b" />'),
        id="expression where a literal is due",
    ),
    pytest.param(
        "policies.xsd",
        in_policy('<return-response><set-body /><set-status code="401" /></return-response>'),
        id="nested policies in the wrong order",
    ),
    pytest.param(
        "policies.xsd",
        in_policy("<return-response><set-variable /></return-response>"),
        id="policy that a parent does not hold",
    ),
    pytest.param("fragment.xsd", "<fragment><base /></fragment>", id="base in a fragment"),
    pytest.param("fragment.xsd", "<fragment><inbound /></fragment>", id="section in a fragment"),
]


@pytest.mark.parametrize(("schema", "text"), SOUND)
def test_both_validators_accept(schema: str, text: str) -> None:
    assert verdicts(schema, text) == (True, True)


@pytest.mark.parametrize(("schema", "text"), FAULTY)
def test_both_validators_reject(schema: str, text: str) -> None:
    assert verdicts(schema, text) == (False, False)


FILLED_IN = ["{{name}}", "a{{name}}", "{{${tf}}}", "${var.x}", "#{x}#", "__X_Y__", "%NAME%", "{tpm}"]
NOT_FILLED_IN = ["", "ten", "$x", "1 {", "@", "RETRY_COUNT"]


@pytest.mark.parametrize(
    "kind", ["literal-int", "int-or-expression", "boolean-perhaps-expression", "exists-action-or-expression"]
)
def test_what_is_filled_in_later_counts_as_any_value(kind: str) -> None:
    types = by_xmlschema("types.xsd").types
    assert [value for value in FILLED_IN if not types[kind].is_valid(value)] == []
    assert [value for value in NOT_FILLED_IN if types[kind].is_valid(value)] == []


@pytest.mark.parametrize(
    ("kind", "accepted"),
    [
        ("int-or-expression", True),
        ("int-perhaps-expression", True),
        ("literal-int", False),
        ("literal-string", False),
    ],
)
def test_the_type_says_whether_an_expression_is_taken(kind: str, *, accepted: bool) -> None:
    types = by_xmlschema("types.xsd").types
    for twin in ("@(xxxx)", "@{\nxx\n}", " @(xx) ", "@(xx)x"):
        assert types[kind].is_valid(twin) is accepted, twin


def test_a_literal_string_may_hold_an_at_sign() -> None:
    kind = by_xmlschema("types.xsd").types["literal-string"]
    for text in ("", "a@b.example", "@", "@@", "a@ (b)", "user@{{domain}}"):
        assert kind.is_valid(text), text


def test_every_file_of_a_policy_bears_its_name() -> None:
    files = {Path(name).stem for name in FILES if name.startswith("policies/")}
    assert files | {"base", "set-url"} == set(POLICIES)
