"""The card of what the pointer is on."""

from __future__ import annotations

import pytest

from apim_policy.ide.hover_schema import schema_hover
from apim_policy.syntax.parser import parse
from support.markers import parse_markers


def hover(marked: str) -> tuple[str, str] | None:
    """The title of the card at the cursor, and the text that it is for."""
    fixture = parse_markers(f"<policies><inbound>{marked}</inbound></policies>")
    assert fixture.cursor is not None
    found = schema_hover(parse(fixture.text), fixture.cursor)
    if found is None:
        return None
    return found.markup.plain().split("\n")[0], fixture.text[slice(*found.span)]


HEADER = "set-header · Set HTTP header"


@pytest.mark.parametrize(
    ("marked", "title", "text"),
    [
        ('<$0set-header name="a" />', HEADER, "set-header"),
        ('<set$0-header name="a" />', HEADER, "set-header"),
        ('<set-header$0 name="a" />', HEADER, "set-header"),
        ('<set-header name="a"></set-$0header>', HEADER, "set-header"),
        ('<set-header $0name="a" />', 'name · attribute of "set-header"', "name"),
        ('<set-header name$0="a" />', 'name · attribute of "set-header"', "name"),
        ('<set-header exists-action="sk$0ip" />', 'skip · value of "exists-action"', "skip"),
        ('<set-header exists-action="skip$0" />', 'skip · value of "exists-action"', "skip"),
        ("<set-header><val$0ue>a</value></set-header>", 'value · in "set-header"', "value"),
        ("<choose><wh$0en condition='true'/></choose>", 'when · in "choose"', "when"),
        ("<choose><when condi$0tion='true'/></choose>", 'condition · attribute of "when"', "condition"),
        ("<set-head$0er", HEADER, "set-header"),
        ("</inbou$0nd>", 'inbound · in "policies"', "inbound"),
    ],
)
def test_the_pointer_shows(marked: str, title: str, text: str) -> None:
    assert hover(marked) == (title, text)


@pytest.mark.parametrize(
    "marked",
    [
        "$0",
        "<no-su$0ch-policy />",
        '<set-header no-such$0="a" />',
        '<set-header name="no$0thing" />',
        '<set-header exists-action="no$0ne" />',
        '<set-header exists-action="@("sk$0ip")" />',
        "<set-header><value>sk$0ip</value></set-header>",
        "<set-header na$0me",
        "<!-- set-$0header -->",
        "<set-body>@{ set-$0header }</set-body>",
    ],
)
def test_elsewhere_there_is_no_card(marked: str) -> None:
    assert hover(marked) is None
