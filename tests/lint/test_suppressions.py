"""Where suppressions are found and what they cover; what becomes of findings is told in the tests of LNT001."""

from __future__ import annotations

import pytest

from apim_policy.lint.suppressions import find
from apim_policy.syntax.parser import parse


def covered(text: str) -> list[str | None]:
    return [item.covers and text[item.covers.start : item.covers.end] for item in find(parse(text))]


def test_a_document_without_any():
    assert find(parse("<policies><!-- ignore[XML006] --></policies>")) == []


def test_codes_have_their_places():
    text = "<policies><!-- apim-policy: ignore[XML006,  nonsense] why --><inbound/></policies>"
    (item,) = find(parse(text))
    assert [(entry.code, text[entry.span.start : entry.span.end]) for entry in item.codes] == [
        ("XML006", "XML006"),
        (None, "nonsense"),
    ]


def test_the_next_sibling_is_covered():
    assert covered("<policies><!-- apim-policy: ignore[XML006] --> <a/><b/></policies>") == ["<a/>"]


def test_many_comments_before_one_element():
    text = "<policies>" + "<!-- apim-policy: ignore[XML006] -->" * 3 + "<a/></policies>"
    assert covered(text) == ["<a/>"] * 3


def test_only_a_comment_before_the_root_covers_the_document():
    comment = "<!-- apim-policy: ignore-file[XML006] -->"
    assert covered(f"{comment}<policies>{comment}<a/></policies>{comment}")[1:] == [None, None]
    assert find(parse(f"{comment}<policies/>"))[0].covers == (0, len(comment) + len("<policies/>") + 1)


def test_in_an_expression_the_next_line_is_covered():
    text = "<a>@{\n  // apim-policy: ignore[XML006] why\n  return 1;\n}</a>"
    assert covered(text) == ["  return 1;\n"]


def test_in_an_attribute_too():
    text = '<a b="@{\r\n  // apim-policy: ignore[XML006]\r\n  return 1;\r\n}"/>'
    assert covered(text) == ["  return 1;\r"]


def test_a_comment_at_the_end_of_a_line_of_code_covers_the_next():
    text = "<a>@{\n  var x = 1; // apim-policy: ignore[XML006]\n  return 1;\n}</a>"
    assert covered(text) == ["  return 1;\n"]


def test_comments_above_each_other_cover_the_same_line():
    text = "<a>@{\n// apim-policy: ignore[XML006]\n // apim-policy: ignore[XML004]\nreturn 1;\n}</a>"
    assert covered(text) == ["return 1;\n"] * 2


def test_a_comment_in_the_last_line_of_an_expression_covers_nothing():
    assert covered("<a>@{\n  return 1; } // apim-policy: ignore[XML006]</a>\n<b/>") == []
    assert covered("<a>@{\n  return 1; // apim-policy: ignore[XML006]") == [None]


@pytest.mark.parametrize(
    "code",
    [
        'var a = "http:// apim-policy: ignore[XML006]";',
        'var a = @"\n// apim-policy: ignore[XML006]\n";',
        "/* // apim-policy: ignore[XML006]\n*/",
        "/* apim-policy: ignore[XML006] */",
    ],
)
def test_only_a_comment_to_the_end_of_the_line_suppresses_in_an_expression(code: str):
    assert covered(f"<a>@{{\n{code}\nreturn 1;\n}}</a>") == []


def test_in_an_expression_of_a_single_value_too():
    assert covered("<a>@(1\n  // apim-policy: ignore[XML006]\n  + 2)</a>") == ["  + 2)</a>"]


def test_an_expression_cannot_speak_for_the_file():
    assert covered("<a>@{\n  // apim-policy: ignore-file[XML006]\n  return 1;\n}</a>") == [None]


def test_the_reason_is_what_follows_the_codes():
    text = (
        "<policies><!-- apim-policy: ignore[XML006]\n  agreed  with security --><a>@{\r\n"
        "// apim-policy: ignore[XML004] see the wiki\r\nreturn 1;}</a></policies>"
    )
    assert [item.reason for item in find(parse(text))] == ["agreed with security", "see the wiki"]
