"""What the caret touches."""

from __future__ import annotations

import pytest

from apim_policy.ide.cursor import Cursor, Place, locate
from apim_policy.syntax.parser import parse
from support.markers import parse_markers


def at(marked: str) -> tuple[Cursor, str]:
    """What the cursor of a fixture touches, and the fixture's text."""
    fixture = parse_markers(marked)
    assert fixture.cursor is not None
    return locate(parse(fixture.text), fixture.cursor), fixture.text


def inbound(marked: str) -> str:
    return f"<policies>\n    <inbound>\n        {marked}\n    </inbound>\n</policies>"


@pytest.mark.parametrize(
    ("marked", "place", "word"),
    [
        ("$0<set-header />", Place.TEXT, ""),
        ("<$0set-header />", Place.NAME, "set-header"),
        ("<set-$0header />", Place.NAME, "set-header"),
        ("<set-header$0 />", Place.NAME, "set-header"),
        ("<set-header $0/>", Place.ATTRIBUTE, ""),
        ("<set-header /$0>", Place.NOTHING, ""),
        ("<set-header />$0", Place.TEXT, ""),
        ("<$0", Place.NAME, ""),
        ("<set-he$0", Place.NAME, "set-he"),
        ("<$0\n        <base />", Place.NAME, ""),
        ("<set-he$0\n        <base />", Place.NAME, "set-he"),
        ("<$0>", Place.NAME, ""),
        ("<set-header $0", Place.ATTRIBUTE, ""),
        ("<set-header na$0", Place.ATTRIBUTE, "na"),
        ("<set-header $0\n        <base />", Place.ATTRIBUTE, ""),
        ('<set-header name="a" ex$0\n        <base />', Place.ATTRIBUTE, "ex"),
        ('<set-header $0name="a" />', Place.ATTRIBUTE, "name"),
        ('<set-header na$0me="a" />', Place.ATTRIBUTE, "name"),
        ('<set-header name$0="a" />', Place.ATTRIBUTE, "name"),
        ('<set-header name=$0"a" />', Place.NOTHING, ""),
        ('<set-header name="$0a" />', Place.VALUE, "a"),
        ('<set-header name="a$0b" />', Place.VALUE, "ab"),
        ('<set-header name="ab$0" />', Place.VALUE, "ab"),
        ('<set-header name="a"$0 />', Place.NOTHING, ""),
        ('<set-header name="a" $0/>', Place.ATTRIBUTE, ""),
        ('<set-header name="$0" />', Place.VALUE, ""),
        ("<set-header name='$0' />", Place.VALUE, ""),
        ("<set-header name=$0 />", Place.VALUE, ""),
        ('<set-header name="$0\n            <value>a</value></set-header>', Place.VALUE, ""),
        ('<set-header name="ab$0>\n            <value>a</value></set-header>', Place.VALUE, "ab"),
        ('<set-header name="a\n        $0\n        <base />', Place.NOTHING, ""),
        ("<choose>$0</choose>", Place.TEXT, ""),
        ("<choose><$0/choose>", Place.NOTHING, ""),
        ("<choose></$0choose>", Place.END_NAME, "choose"),
        ("<choose></cho$0ose>", Place.END_NAME, "choose"),
        ("<choose></choose$0>", Place.END_NAME, "choose"),
        ("<choose></choose>$0", Place.TEXT, ""),
        ("<choose></$0", Place.END_NAME, ""),
        ("<choose></ch$0", Place.END_NAME, "ch"),
        ("</ch$0", Place.END_NAME, "ch"),
        ("set-h$0ea", Place.TEXT, "set-hea"),
        ("<!-- <$0 -->", Place.NOTHING, ""),
        ("<!--$0-->", Place.NOTHING, ""),
        ("<!-- a --$0>", Place.NOTHING, ""),
        ("<!-- a -->$0", Place.TEXT, ""),
        ('<set-variable name="a" value="@(con$0text)" />', Place.NOTHING, ""),
        ('<set-variable name="a" value="@(a <$0" />', Place.NOTHING, ""),
        ("<set-body>@{ return a <$0 b; }</set-body>", Place.NOTHING, ""),
        ('<set-variable name="a" value="{{na$0me}}" />', Place.NOTHING, ""),
        ("<set-body><![CDATA[ <$0 ]]></set-body>", Place.NOTHING, ""),
        ("<set-body>a < $0 b</set-body>", Place.NOTHING, ""),
    ],
)
def test_the_caret_is_in(marked: str, place: Place, word: str) -> None:
    cursor, text = at(inbound(marked))
    assert (cursor.place, text[slice(*cursor.span)]) == (place, word)


@pytest.mark.parametrize(
    ("marked", "around"),
    [
        ("$0", ["policies", "inbound"]),
        ("<base />\n        $0", ["policies", "inbound"]),
        ("<choose>\n            <$0\n        </choose>", ["policies", "inbound", "choose"]),
        ("<choose>\n            $0", ["policies", "inbound", "choose"]),
        ('<choose><when condition="true">$0', ["policies", "inbound", "choose", "when"]),
        ('<set-header name="a"><va$0', ["policies", "inbound", "set-header"]),
        (
            '<set-header name="a"><value>$0</value></set-header>',
            ["policies", "inbound", "set-header", "value"],
        ),
        ("<choose></choose>$0", ["policies", "inbound"]),
    ],
)
def test_the_elements_around_are_known(marked: str, around: list[str]) -> None:
    cursor, _ = at(inbound(marked))
    assert [element.name for element in cursor.around] == around


@pytest.mark.parametrize("marked", ["$0", "<$0", "<pol$0", "pol$0", "<!-- a -->\n$0", "\n\n$0\n"])
def test_at_the_top_nothing_is_around(marked: str) -> None:
    cursor, _ = at(marked)
    assert cursor.place in (Place.NAME, Place.TEXT)
    assert cursor.around == ()


def test_every_offset_of_broken_texts_has_a_place() -> None:
    whole = inbound(
        '<!-- a --><set-header name="@("a" + b)" exists-action=\'skip\'>\n<value>{{x}} < y</value></set-header></x>'
    )
    for end in range(len(whole) + 1):
        text = whole[:end]
        document = parse(text)
        for offset in {0, end // 2, end}:
            cursor = locate(document, offset)
            assert cursor.span.contains(offset)
            assert cursor.span.end <= len(text)
