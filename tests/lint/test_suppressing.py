"""Where comments that suppress findings go."""

from __future__ import annotations

import pytest

from apim_policy.lint.suppressing import with_suppressions
from apim_policy.lint.suppressions import find
from apim_policy.syntax.parser import parse
from support.findings import finding, span_of


def suppressed(text: str, *marked: str, code: str = "XML006", whole_file: bool = False) -> str:
    found = [finding(span_of(text, part), code=code) for part in marked]
    return with_suppressions(parse(text), found, whole_file=whole_file)


def around(inbound: str, first: str = "") -> str:
    return f"{first}<policies>\n    <inbound>\n{inbound}\n    </inbound>\n</policies>\n"


COMMENT = "<!-- apim-policy: ignore[XML006] -->"

CASES = [
    pytest.param(
        around('        <set-header name="x" />'),
        'name="x"',
        around(f'        {COMMENT}\n        <set-header name="x" />'),
        id="before the element, as far to the right",
    ),
    pytest.param(
        around('<base /><set-header name="x" />'),
        'name="x"',
        around(f'<base />{COMMENT}<set-header name="x" />'),
        id="in the same line beside other elements",
    ),
    pytest.param(
        around('\t<set-header name="x">\n\t\t<value>1</value>\n\t</set-header>').replace("\n", "\r\n"),
        "1",
        around(f'\t<set-header name="x">\n\t\t{COMMENT}\n\t\t<value>1</value>\n\t</set-header>').replace(
            "\n", "\r\n"
        ),
        id="before a child of a policy, with its line ends",
    ),
    pytest.param(
        around("        <set-body><soap><body>1</body></soap></set-body>"),
        "1",
        around(f"        {COMMENT}\n        <set-body><soap><body>1</body></soap></set-body>"),
        id="never inside foreign XML",
    ),
    pytest.param(
        around("        <unheard-of><deeper>1</deeper></unheard-of>"),
        "1",
        around(f"        {COMMENT}\n        <unheard-of><deeper>1</deeper></unheard-of>"),
        id="nor inside what the schema does not know",
    ),
    pytest.param(
        around("        <set-body>@{\n            var a = 1;\n            return a;\n        }</set-body>"),
        "return",
        around(
            "        <set-body>@{\n            var a = 1;\n            // apim-policy: ignore[XML006]\n"
            "            return a;\n        }</set-body>"
        ),
        id="above the line of an expression",
    ),
    pytest.param(
        around("        <set-body>@(1\n            + 2)</set-body>"),
        "2",
        around(
            "        <set-body>@(1\n            // apim-policy: ignore[XML006]\n            + 2)</set-body>"
        ),
        id="above the line of a single value",
    ),
    pytest.param(
        around("        <set-body>@{ return 1;\n        }</set-body>"),
        "return",
        around(f"        {COMMENT}\n        <set-body>@{{ return 1;\n        }}</set-body>"),
        id="not above the first line of an expression",
    ),
    pytest.param(
        around('        <set-body>@{\nvar a = @"\n two";\nreturn a; }</set-body>'),
        "two",
        around(f'        {COMMENT}\n        <set-body>@{{\nvar a = @"\n two";\nreturn a; }}</set-body>'),
        id="not into a string over several lines",
    ),
    pytest.param(
        around('        <set-body>@{\nvar a = $@"\n {two}";\nreturn a; }</set-body>'),
        "two",
        around(f'        {COMMENT}\n        <set-body>@{{\nvar a = $@"\n {{two}}";\nreturn a; }}</set-body>'),
        id="not into an interpolated one",
    ),
    pytest.param(
        around("        <set-body>@{\n/* \n two */\nreturn 1; }</set-body>"),
        "two",
        around(f"        {COMMENT}\n        <set-body>@{{\n/* \n two */\nreturn 1; }}</set-body>"),
        id="not into a comment",
    ),
    pytest.param(
        around('        <set-variable name="a" value="@{\n            return 1;\n        }" />'),
        "return",
        around(
            f'        {COMMENT}\n        <set-variable name="a" value="@{{\n            return 1;\n        }}" />'
        ),
        id="not into an attribute, whose lines XML joins",
    ),
    pytest.param(
        around("        <base />", '<?xml version="1.0"?>\n<!-- all APIs -->\n'),
        "policies>\n    <inbound",
        around(
            "        <base />",
            '<?xml version="1.0"?>\n<!-- all APIs -->\n<!-- apim-policy: ignore-file[XML006] -->\n',
        ),
        id="for the file, at its root",
    ),
    pytest.param(
        around("        <base />") + "<!-- two -->",
        "two",
        "<!-- apim-policy: ignore-file[XML006] -->\n" + around("        <base />") + "<!-- two -->",
        id="for the file, outside its root",
    ),
]


@pytest.mark.parametrize(("text", "marked", "expected"), CASES)
def test_each_place_has_its_form(text: str, marked: str, expected: str):
    after = suppressed(text, marked)
    assert after == expected
    (item,) = find(parse(after))
    assert item.covers is not None
    assert item.covers.start <= after.index(marked) < item.covers.end


def test_one_comment_for_the_file():
    text = around("        <base />")
    assert (
        suppressed(text, "<base />", whole_file=True) == f"<!-- apim-policy: ignore-file[XML006] -->\n{text}"
    )


def test_several_codes_share_a_comment():
    text = around("        <base />")
    found = [finding(span_of(text, "<base />"), code=code) for code in ("XML006", "XML001", "XML006")]
    assert "ignore[XML001, XML006] -->" in with_suppressions(parse(text), found)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        (around("<!-- apim-policy: ignore[XML001] why -->\n<base />"), "<base />"),
        (around("<set-body>@{\n// apim-policy: ignore[XML001] why\nreturn 1;\n}</set-body>"), "return"),
        (around("<base />", "<!-- apim-policy: ignore-file[XML001] why -->\n"), "policies>\n    <inbound"),
    ],
)
def test_a_comment_that_is_there_takes_the_code_in(text: str, marked: str):
    assert suppressed(text, marked) == text.replace("[XML001] why", "[XML001, XML006] why")


def test_what_is_covered_from_outside_needs_no_comment_of_its_own():
    text = around('        <set-header name="x">\n            <value>1</value>\n        </set-header>')
    assert suppressed(text, 'name="x"', "1").count("apim-policy") == 1
    assert suppressed(text, "policies>\n    <inbound", 'name="x"').count("apim-policy") == 1


def test_siblings_need_one_each():
    text = around("        <base />\n        <mock-response />")
    assert suppressed(text, "<base />", "<mock-response />").count("apim-policy") == 2
