"""End tags that close nothing."""

from __future__ import annotations

import pytest

from support.faults import check_faults, mended, the_fault

STRAY = "</{0}> closes nothing: no <{0}> is open here. Remove it, or write the start tag that it belongs to."


@pytest.mark.parametrize(
    ("source", "name", "after"),
    [
        pytest.param(
            "<policies>\n    <inbound>\n        <base />\n    </inbound>\n    {|XML003:</inbound>|}\n</policies>\n",
            "inbound",
            "<policies>\n    <inbound>\n        <base />\n    </inbound>\n</policies>\n",
            id="on its own line, which goes too",
        ),
        pytest.param(
            "<fragment>\r\n\t<set-method>GET</set-method>{|XML003:</set-method>|}\r\n</fragment>\r\n",
            "set-method",
            "<fragment>\r\n\t<set-method>GET</set-method>\r\n</fragment>\r\n",
            id="after its twin",
        ),
        pytest.param(
            "<fragment>\n{|XML003:</value>|}\n<base />\n</fragment>",
            "value",
            "<fragment>\n<base />\n</fragment>",
            id="of a name that nothing has",
        ),
        pytest.param(
            "<policies></policies>\n{|XML003:</policies>|}",
            "policies",
            "<policies></policies>\n",
            id="after the root",
        ),
        pytest.param(
            "<fragment>\n%{ if a }\n{|XML003:</choose>|}\n%{ endif }\n${more}\n</fragment>",
            "choose",
            "<fragment>\n%{ if a }\n%{ endif }\n${more}\n</fragment>",
            id="between directives",
        ),
        pytest.param(
            "<fragment><set-body>a {|XML003:</b|} c</set-body></fragment>",
            "b",
            "<fragment><set-body>a  c</set-body></fragment>",
            id="without its bracket",
        ),
    ],
)
def test_a_stray_end_tag_is_removed(source: str, name: str, after: str):
    _, finding = the_fault(source)
    assert finding.message == STRAY.format(name)
    assert mended(source) == after


@pytest.mark.parametrize(
    ("source", "after"),
    [
        pytest.param(
            "<fragment>\n    <set-body />\n        hello\n    {|XML003:</set-body>|}\n</fragment>",
            "<fragment>\n    <set-body>\n        hello\n    </set-body>\n</fragment>",
            id="around a text",
        ),
        pytest.param(
            '<fragment>\n    <choose/>\n        <!-- a --><when condition="@(a < b)" />\n    {|XML003:</choose>|}\n    <base />\n</fragment>',
            '<fragment>\n    <choose>\n        <!-- a --><when condition="@(a < b)" />\n    </choose>\n    <base />\n</fragment>',
            id="around a branch",
        ),
        pytest.param(
            "<policies />\n    <inbound />\n    <backend />\n{|XML003:</policies>|}\n",
            "<policies>\n    <inbound />\n    <backend />\n</policies>\n",
            id="the root",
        ),
    ],
)
def test_an_element_that_should_not_close_itself(source: str, after: str):
    text, finding = the_fault(source)
    assert 'the "/" at the end of <' in finding.message
    (related,) = finding.related
    assert text[related.span.start : related.span.end].endswith("/>")
    assert mended(source) == after


def test_an_element_that_rightly_closes_itself_has_nothing_to_do_with_it():
    _, finding = the_fault(
        "<fragment>\n<base />\n<set-method>GET</set-method>\n{|XML003:</base>|}\n</fragment>"
    )
    assert finding.message == STRAY.format("base")


@pytest.mark.parametrize(
    ("source", "after"),
    [
        pytest.param(
            "    <inbound>\n        <base />\n    </inbound>\n    <backend />\n{|XML003:</policies>|}",
            "<policies>\n    <inbound>\n        <base />\n    </inbound>\n    <backend />\n</policies>",
            id="no start tag",
        ),
        pytest.param(
            "<!-- a -->\r\npolicies>\r\n    <!-- b -->\r\n    <inbound />\r\n{|XML003:</policies>|}",
            "<!-- a -->\r\n<policies>\r\n    <!-- b -->\r\n    <inbound />\r\n</policies>",
            id="a start tag without its first character",
        ),
    ],
)
def test_a_document_without_the_start_tag_of_its_root(source: str, after: str):
    _, finding = the_fault(source)
    assert (
        finding.message
        == "</policies> closes nothing: the document has no <policies> at its start. Write it."
    )
    assert mended(source) == after


@pytest.mark.parametrize(
    "text",
    [
        "<fragment><!-- </choose> --><set-body><![CDATA[</choose>]]></set-body></fragment>",
        '<fragment><set-body>@("</choose>")</set-body><set-method>&lt;/choose></set-method></fragment>',
    ],
)
def test_what_only_looks_like_an_end_tag_is_no_finding(text: str):
    check_faults(text)
