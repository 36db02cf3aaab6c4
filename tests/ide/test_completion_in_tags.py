"""Which attributes, values and end tags may be written at the caret, and where nothing is offered."""

from __future__ import annotations

import pytest

from apim_policy.ide.completion import TRIGGERS, complete
from apim_policy.ide.cursor import Place
from apim_policy.ide.offers import Surroundings
from apim_policy.ide.proposals import CompletionKind
from apim_policy.syntax.parser import parse
from support.completions import inside, offered

# Attributes


@pytest.mark.parametrize(
    ("marked", "labels"),
    [
        ("<set-header $0", ["name", "exists-action", "id"]),
        ("<set-header $0\n        <base />", ["name", "exists-action", "id"]),
        ("<set-header $0/>", ["name", "exists-action", "id"]),
        ("<set-header $0></set-header>", ["name", "exists-action", "id"]),
        ('<set-header name="a" $0/>', ["exists-action", "id"]),
        ('<set-header $0 exists-action="skip" />', ["name", "id"]),
        ('<set-header name="a" $0 id="b" />', ["exists-action"]),
        ('<set-header name="a" ex$0 />', ["exists-action", "id"]),
        ('<set-header name="a"\n                    $0', ["exists-action", "id"]),
        ('<set-header na$0me="a" />', ["name", "exists-action", "id"]),
        ('<set-header name="a"$0 />', []),
        ('<set-header name=$0"a" />', []),
        ("<base $0/>", []),
        ("<no-such-policy $0/>", []),
        ("</inbound $0>", []),
    ],
)
def test_attributes_that_are_not_there_are_offered_required_ones_first(
    marked: str, labels: list[str]
) -> None:
    assert offered(inside(marked)).labels == labels


@pytest.mark.parametrize(
    ("marked", "label", "chosen"),
    [
        ("<set-header $0/>", "name", '<set-header name=""/>'),
        ("<set-header n$0/>", "name", '<set-header name=""/>'),
        ("<set-header n$0 />", "name", '<set-header name="" />'),
        ('<set-header n$0a="b" />', "name", '<set-header name="b" />'),
        ('<set-header $0na="b" />', "name", '<set-header name="b" />'),
        ('<set-header na$0="b" />', "name", '<set-header name="b" />'),
        ("<set-header $0", "exists-action", '<set-header exists-action="override"'),
        ("<choose><when $0 /></choose>", "condition", '<choose><when condition="@()" /></choose>'),
    ],
)
def test_an_attribute_is_written_with_its_value(marked: str, label: str, chosen: str) -> None:
    assert offered(inside(marked)).chosen(label) == inside(chosen)


def test_attributes_that_exclude_each_other_are_offered_until_one_is_there() -> None:
    found = offered(inside("<validate-jwt $0 />"))
    assert found.labels[:3] == ["header-name", "query-parameter-name", "token-value"]
    assert found.item("token-value").mark == "required"
    labels = offered(inside('<validate-jwt header-name="Authorization" $0 />')).labels
    assert "query-parameter-name" not in labels
    assert "require-scheme" in labels


# Values


ACTIONS = ["override", "skip", "append", "delete"]
FORMS = ["@(…)", "@{ return …; }"]


@pytest.mark.parametrize(
    ("marked", "labels"),
    [
        ('<set-header exists-action="$0" />', [*ACTIONS, *FORMS]),
        ('<set-header exists-action="$0skip" />', ACTIONS),
        ('<set-header exists-action="sk$0ip" />', ACTIONS),
        ('<set-header exists-action="skip$0" />', ACTIONS),
        ("<set-header exists-action='$0' />", [*ACTIONS, *FORMS]),
        ("<set-header exists-action=$0 />", ACTIONS),
        ('<set-header exists-action="$0 />', ACTIONS),
        ('<set-header exists-action="$0\n        <base />', ACTIONS),
        ('<set-header name="$0" />', FORMS),
        ('<set-header name="@$0" />', FORMS),
        ('<set-header name="a$0" />', []),
        ('<set-variable name="$0" />', []),
        ('<set-variable name="@$0" />', []),
        ('<set-header exists-action="@("$0")" />', []),
        ('<set-header no-such="$0" />', []),
        ('<validate-jwt require-expiration-time="$0" />', ["false", "true", *FORMS]),
        ('<validate-jwt require-scheme="$0" />', FORMS),
    ],
)
def test_values_are_offered(marked: str, labels: list[str]) -> None:
    assert offered(inside(marked)).labels == labels


@pytest.mark.parametrize(
    ("marked", "chosen"),
    [
        ('<set-header exists-action="$0" />', '<set-header exists-action="skip" />'),
        ('<set-header exists-action="over$0ride" />', '<set-header exists-action="skip" />'),
        ("<set-header exists-action='$0'>", "<set-header exists-action='skip'>"),
        ("<set-header exists-action=$0 />", '<set-header exists-action="skip" />'),
        (
            '<set-header exists-action="s$0>\n            <value>a</value></set-header>',
            '<set-header exists-action="skip">\n            <value>a</value></set-header>',
        ),
        (
            '<set-header exists-action="s$0\n        <base />',
            '<set-header exists-action="skip"\n        <base />',
        ),
    ],
)
def test_a_value_replaces_the_value(marked: str, chosen: str) -> None:
    assert offered(inside(marked)).chosen("skip") == inside(chosen)


def test_the_default_is_marked() -> None:
    found = offered(inside('<set-header exists-action="$0" />'))
    assert [item.mark for item in found.items] == ["default", "", "", "", "", ""]


# End tags


@pytest.mark.parametrize(
    ("marked", "label", "chosen"),
    [
        ("<choose></$0", "</choose>", "<choose></choose>"),
        ("<choose></ch$0", "</choose>", "<choose></choose>"),
        ("<choose></$0choose>", "</choose>", "<choose></choose>"),
        ("<choose></cho$0ose>", "</choose>", "<choose></choose>"),
        ("<choose></$0>", "</choose>", "<choose></choose>"),
        ("<choose>\n            <$0", "</choose>", "<choose>\n            </choose>"),
        ("<choose>\n            $0", "</choose>", "<choose>\n            </choose>"),
        (
            '<set-header name="a"><value>x</$0</set-header>',
            "</value>",
            '<set-header name="a"><value>x</value></set-header>',
        ),
    ],
)
def test_an_end_tag_is_offered(marked: str, label: str, chosen: str) -> None:
    found = offered(inside(marked))
    assert found.chosen(label) == inside(chosen)
    assert found.item(label).kind is CompletionKind.END_TAG


def test_an_end_tag_that_is_there_is_not_offered_again() -> None:
    assert offered(inside("<choose>$0</choose>")).labels == ["when", "otherwise"]


def test_after_an_element_that_holds_nothing_policies_and_its_end_tag_are_offered() -> None:
    labels = offered(inside('<set-variable name="a" value="b">\n        $0')).labels
    assert "set-header" in labels
    assert labels[-1] == "</set-variable>"


# Where nothing is offered


@pytest.mark.parametrize(
    "marked",
    [
        "<!-- $0 -->",
        "<!-- <$0 -->",
        "<!-- set-h$0",
        "<set-body>@{ return 'a$0'; }</set-body>",
        "<set-body><![CDATA[<$0]]></set-body>",
        '<set-header name="{{na$0me}}" />',
        "<set-header /$0>",
    ],
)
def test_nothing_is_offered(marked: str) -> None:
    assert offered(inside(marked)).labels == []


@pytest.mark.parametrize(
    ("marked", "trigger"),
    [
        ("<$0", "<"),
        ("<choose></$0", "/"),
        ("<set-header $0", " "),
        ('<set-header exists-action="$0"', '"'),
        ("<set-header exists-action='$0'", "'"),
    ],
)
def test_what_is_typed_asks_only_for_what_it_begins(marked: str, trigger: str) -> None:
    assert offered(inside(marked), trigger=trigger).items
    assert set(TRIGGERS) == {"<", "/", " ", '"', "'", "@", ".", "("}
    for other in TRIGGERS:
        same = TRIGGERS[other] is TRIGGERS[trigger]
        assert bool(offered(inside(marked), trigger=other).items) == same


def test_a_space_between_policies_asks_for_nothing() -> None:
    assert offered(inside(" $0")).items
    assert offered(inside(" $0"), trigger=" ").items == []
    assert TRIGGERS[" "] is Place.ATTRIBUTE


def test_wherever_the_text_breaks_off_what_is_replaced_is_around_the_caret() -> None:
    whole = inside(
        '<!-- a --><choose><when condition="@("a" == b)"><set-header name=\'{{a}}\' exists-action="skip">\n'
        '<value>@{ return $"<{x}>"; }</value></set-header></when></choose><set-body>a < b</set-body></x>'
    )
    for end in range(len(whole) + 1):
        for text in (whole[:end], whole[:end] + "<" + whole[end:], whole[:end] + "</" + whole[end:]):
            offset = min(end + 1, len(text))
            found = complete(parse(text), offset, Surroundings())
            assert found.insert.start == found.replace.start
            assert found.insert.end == offset <= found.replace.end <= len(text)
