"""What folds away."""

from __future__ import annotations

from apim_policy.ide.folding import folds
from apim_policy.syntax.parser import parse


def folded(text: str) -> list[str]:
    document = parse(text)
    return [document.slice(fold.span) for fold in folds(document)]


def test_elements_fold_between_their_tags() -> None:
    assert folded("<policies>\n  <inbound>\n  </inbound>\n</policies>") == [
        "\n  <inbound>\n  </inbound>\n",
        "\n  ",
    ]


def test_what_fits_a_line_does_not_fold() -> None:
    assert folded("<policies><inbound></inbound></policies>") == []


def test_attributes_on_their_own_lines_fold_with_the_element() -> None:
    assert folded('<set-header\n  name="a"\n  exists-action="delete" />') == [
        '\n  name="a"\n  exists-action="delete" />'
    ]
    assert folded('<when\n  condition="a">\n  b\n</when>') == ['\n  condition="a">\n  b\n']


def test_expressions_fold_within_their_brackets() -> None:
    assert folded("<value>@{\n  return 1;\n}</value>") == ["@{\n  return 1;\n}", "\n  return 1;\n"]
    assert folded('<when condition="@(\n  a\n)" />')[-1] == "\n  a\n"


def test_comments_fold_to_their_first_line() -> None:
    document = parse("<!-- one\ntwo -->\n<policies />")
    (fold,) = folds(document)
    assert fold.comment
    assert document.slice(fold.span) == " one\ntwo -->"


def test_broken_documents_fold_too() -> None:
    assert folded("<policies>\n<inbound>\n<value>@{\n return") != []


def test_folds_come_in_the_order_of_the_text_with_outer_ones_first() -> None:
    text = (
        "<policies>\n" + "<inbound>\n<!-- a\nb -->\n<value>@{\n1\n}</value>\n</inbound>\n" * 3 + "</policies>"
    )
    spans = [fold.span for fold in folds(parse(text))]
    assert spans == sorted(spans, key=lambda span: (span.start, -span.end))
