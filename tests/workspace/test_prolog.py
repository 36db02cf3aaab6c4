from __future__ import annotations

import pytest

from apim_policy.text.span import Span
from apim_policy.workspace.prolog import read_prolog


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("<policies>", "policies"),
        ("\n  <fragment/>", "fragment"),
        ('<?xml version="1.0"?>\n<policies>', "policies"),
        ("<!-- one --><!-- two\n<inbound> --><policies>", "policies"),
        ("<!DOCTYPE x><policies>", "policies"),
        ("${header}\n<policies>", "policies"),
        ("%{ if a < b ~}\n<policies>", "policies"),
        ("<http-data-source>", "http-data-source"),
        ("<project>", "project"),
        ("<ns:policies>", "ns:policies"),
        ("no markup", None),
        ("<", None),
        ("", None),
    ],
)
def test_the_root_is_the_first_element(text: str, root: str | None) -> None:
    assert read_prolog(text).root == root


@pytest.mark.parametrize(
    ("text", "is_policy"),
    [
        ("<policies>", True),
        ("<sql-data-source>", True),
        ("<policy>", False),
        ("<inbound>", False),
        ("", False),
    ],
)
def test_the_root_decides_what_is_a_policy_document(text: str, is_policy: bool) -> None:
    assert read_prolog(text).is_policy is is_policy


def test_comments_before_the_root_are_found_where_they_stand() -> None:
    text = "<!-- ä -->\n<?xml?><!--b--><policies><!-- inside --></policies>"
    prolog = read_prolog(text)
    assert [text[span.start : span.end] for span in prolog.comments] == ["<!-- ä -->", "<!--b-->"]
    assert text[prolog.root_start :].startswith("<policies>")


def test_a_comment_that_is_never_closed_does_not_hide_the_document() -> None:
    text = "<!-- about <inbound>\n<policies>\n<inbound/></policies>"
    prolog = read_prolog(text)
    assert prolog.root == "policies"
    assert prolog.comments == ()


def test_a_comment_that_is_never_closed_hides_what_is_no_policy_document() -> None:
    assert read_prolog("<!-- <project><policiesx></project>").root is None


@pytest.mark.parametrize("text", ["", "<", "<pol", "<!-- more", "<?xml", "text", "<!-- <policies>"])
def test_the_beginning_of_a_text_may_not_be_enough(text: str) -> None:
    assert not read_prolog(text, whole=False).complete


def test_the_beginning_of_a_text_is_enough_once_a_name_ends() -> None:
    prolog = read_prolog("<!--x--><policies ", whole=False)
    assert prolog.complete
    assert prolog.comments == (Span(0, 8),)
