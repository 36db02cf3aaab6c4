"""Strings in single quotes."""

from __future__ import annotations

import pytest

from support.policies import inbound, mended, message
from support.workspaces import check, lint

ONLY = ["EXP008"]


@pytest.mark.parametrize(
    "policies",
    [
        """<trace source="@(f({|EXP008:'ab'|}, 'c', {|EXP008:'d e'|}))" />""",
        """<trace source="@(f({|EXP008:''|}))" />""",
        "<trace source='@(f({|EXP008:&apos;ab&apos;|}))' />",
        """<set-body>@{ return "it's 'so'" + 'x' + '\\n'; }</set-body>""",
        """<set-body>@{ /* 'ab' */ return 1; }</set-body>""",
    ],
)
def test_places(policies: str) -> None:
    check(inbound(policies), select=ONLY)


def test_message() -> None:
    text = inbound("<set-body>@(f({|EXP008:'ab'|}))</set-body>")
    assert message(text, ONLY) == (
        "'ab' is no string: single quotes hold one character. Write double quotes around it."
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # In a text, and within single quotes, double quotes stand for themselves.
        ("<set-body>@(f({|EXP008:'ab'|}))</set-body>", '<set-body>@(f("ab"))</set-body>'),
        ("<trace source='@(f({|EXP008:&apos;ab&apos;|}))' />", "<trace source='@(f(\"ab\"))' />"),
        # Within double quotes they are escaped, unless the expression or the document shows that it is raw.
        ("""<trace source="@(f({|EXP008:'ab'|}))" />""", '<trace source="@(f(&quot;ab&quot;))" />'),
        (
            """<trace source="@(f(&quot;a&quot;, {|EXP008:'ab'|}))" />""",
            '<trace source="@(f(&quot;a&quot;, &quot;ab&quot;))" />',
        ),
        ("""<trace source="@(f("a", {|EXP008:'ab'|}))" />""", '<trace source="@(f("a", "ab"))" />'),
        ("""<trace source="@(a && {|EXP008:'ab'|})" />""", '<trace source="@(a && "ab")" />'),
        (
            """<trace source="@(f("a"))" /><trace source="@(f({|EXP008:'ab'|}))" />""",
            '<trace source="@(f("a"))" /><trace source="@(f("ab"))" />',
        ),
        # What a string in double quotes must escape.
        ("""<set-body>@(f({|EXP008:'{"a":1}'|}))</set-body>""", '<set-body>@(f("{\\"a\\":1}"))</set-body>'),
        ("<set-body>@(f({|EXP008:'\\d+\\n'|}))</set-body>", '<set-body>@(f("\\\\d+\\n"))</set-body>'),
    ],
)
def test_double_quotes_are_written(before: str, after: str) -> None:
    text = mended(inbound(before), ONLY)
    assert text == inbound(after)
    assert not lint(text, ["EXP001", "EXP008", "XML"]).all
