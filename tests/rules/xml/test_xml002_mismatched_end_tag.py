"""End tags that are not those of the element that is open."""

from __future__ import annotations

import pytest

from support.faults import check_faults, mended, the_fault

SOUND = """\
<policies>
    <inbound>
        <base />
        <set-header name="X-A" exists-action="override">
            <value>a</value>
        </set-header>
    </inbound>
</policies>
"""


@pytest.mark.parametrize(
    ("sound", "wrong", "message"),
    [
        (
            "</set-header>",
            "{|XML002:</set-headers>|}",
            "</set-headers> does not close <set-header>, which is open since line 4. Write </set-header>.",
        ),
        (
            "</set-header>",
            "{|XML002:</Set-Header>|}",
            "</Set-Header> does not close <set-header>, which is open since line 4. Write </set-header>.",
        ),
        (
            "</set-header>",
            "{|XML002:</return-response>|}",
            "</return-response> does not close <set-header>, which is open since line 4. Write </set-header>.",
        ),
        (
            "</set-header>",
            "{|XML002:</set-head|}",
            "</set-head> does not close <set-header>, which is open since line 4. Write </set-header>.",
        ),
        (
            "</set-header>",
            "{|XML002:</>|}",
            "This end tag has no name. Write </set-header> for the element that is open since line 4.",
        ),
        (
            "</set-header>",
            "{|XML002:</|}",
            "This end tag has no name. Write </set-header> for the element that is open since line 4.",
        ),
        (
            "</set-header>",
            "{|XML002:</set-header|}",
            'The end tag </set-header has no ">" at its end. Write </set-header>.',
        ),
        (
            "</set-header>",
            "{|XML002:<set-header>|}",
            'This <set-header> lacks the "/" of an end tag: the element is open since line 4. Write </set-header>.',
        ),
        (
            "</value>",
            "{|XML002:<value>|}",
            'This <value> lacks the "/" of an end tag: the element is open since line 5. Write </value>.',
        ),
        (
            "</value>",
            "{|XML002:</inbound>|}",
            "</inbound> does not close <value>, which is open since line 5. Write </value>.",
        ),
        (
            "</inbound>",
            "{|XML002:</outbound>|}",
            "</outbound> does not close <inbound>, which is open since line 2. Write </inbound>.",
        ),
        (
            "</policies>",
            "{|XML002:</policy>|}",
            "</policy> does not close <policies>, which is open since line 1. Write </policies>.",
        ),
        (
            "</value>\n        </set-header>",
            "{|XML002:</set-header>|}\n        </value>",
            "</set-header> comes before the </value> of the element in it, which is open since line 5. Swap the two end tags.",
        ),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_finding_names_the_element_and_the_fix_restores_its_end_tag(
    sound: str, wrong: str, message: str, line_end: str
):
    source = SOUND.replace(sound, wrong).replace("\n", line_end)
    _, finding = the_fault(source)
    assert finding.message == message
    assert mended(source) == SOUND.replace("\n", line_end)


def test_the_start_tag_is_the_other_place():
    text, finding = the_fault(SOUND.replace("</value>", "{|XML002:</val>|}"))
    (related,) = finding.related
    assert text[related.span.start : related.span.end] == "<value>"


@pytest.mark.parametrize(
    "source",
    [
        "<fragment><set-body template='liquid'><a:b>{{ x > y }}{|XML002:</a:c>|}</set-body></fragment>",
        '<fragment><set-body>@{ return "</x></set-body>"; }{|XML002:</set-bod>|}</fragment>',
        "<fragment>\n<!-- <choose> -->\n<choose>\n<when condition='@(true)'>\n<base />\n{|XML002:</otherwise>|}\n</choose>\n</fragment>",
        "<fragment><set-body><![CDATA[</set-body>]]>{|XML002:</setbody>|}</fragment>",
        "<fragment>\n%{ if a }\n<set-method>${m}{|XML002:</method>|}\n%{ endif }\n</fragment>",
        "<fragment><value>&lt;/value&gt;{|XML002:</valu>|}</fragment>",
    ],
)
def test_what_only_looks_like_a_tag_does_not_count(source: str):
    mended(source)


def test_an_end_tag_that_comes_after_that_of_the_element_around_it():
    text, finding = the_fault(
        """\
<fragment>
  <choose>
    <when condition="@(true)">
      <base />
  </choose>
  <set-method>GET</set-method>
    {|XML002:</when>|}
</fragment>"""
    )
    assert finding.message == (
        "</when> comes too late: the element around the <when> of line 3 has already ended. "
        "Write it before the end tag of that element."
    )
    (related,) = finding.related
    assert text[related.span.start : related.span.end] == '<when condition="@(true)">'


def test_every_wrong_end_tag_is_a_finding_of_its_own():
    check_faults("<fragment>\n<a>{|XML002:</b>|}\n<c>{|XML002:</d>|}\n</fragment>")
