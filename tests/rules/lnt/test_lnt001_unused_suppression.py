"""Suppressions suppress what they name, where they stand; what does nothing is reported and removed."""

from __future__ import annotations

import pytest

from apim_policy.rules.model import Applicability
from support.workspaces import check

TWICE = '<set-header name="a" name="b"><value>1</value></set-header>'
MARKED = '<set-header name="a" {|XML006:name="b"|}><value>1</value></set-header>'


def document(*lines: str) -> str:
    return "\n".join(
        [
            "<policies>",
            "    <inbound>",
            *(f"        {line}" for line in lines),
            "    </inbound>",
            "</policies>",
            "",
        ]
    )


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines()[2:-2]]


@pytest.mark.parametrize(
    "codes",
    ["XML006", "duplicate-attribute", "xml006", " XML006 ", "XML006, MCP001", "MCP001 XML006"],
)
def test_it_covers_the_next_element(codes: str):
    linted = check(document(f"<!-- apim-policy: ignore[{codes}] on purpose -->", TWICE), select=["XML"])
    assert linted.findings == {}


def test_it_covers_all_in_the_element():
    check(
        document(
            "<!-- apim-policy: ignore[XML006] -->",
            "<choose>",
            "<when condition='@(true)'>",
            TWICE,
            "</when>",
            "</choose>",
        )
    )


def test_it_covers_no_other_element():
    check(document(MARKED, "<!-- apim-policy: ignore[XML006] -->", TWICE, MARKED), select=["XML", "LNT"])


def test_text_and_comments_may_stand_between():
    check(document("<!-- apim-policy: ignore[XML006] -->", "", "<!-- why -->", TWICE), select=["XML", "LNT"])


def test_it_covers_no_other_rule():
    check(document("{|LNT001:<!-- apim-policy: ignore[XML001] -->|}", MARKED), select=["XML", "LNT"])


def test_before_the_root_it_covers_the_document():
    check(
        f"<!-- apim-policy: ignore-file[XML006] generated -->\n{document(TWICE, TWICE)}",
        select=["XML", "LNT"],
    )


def test_several_comments_cover_one_element():
    check(
        document(
            "<!-- apim-policy: ignore[XML006] -->", "{|LNT001:<!-- apim-policy: ignore[XML001] -->|}", TWICE
        ),
        select=["XML", "LNT"],
    )


class TestUnused:
    def test_the_whole_comment(self):
        source = document("{|LNT001:<!-- apim-policy: ignore[XML006] old -->|}", "<base />")
        linted = check(source)
        finding = linted.the("LNT001")
        assert finding.message == "There is no finding of XML006 here to suppress. Remove the comment."
        (fix,) = finding.fixes
        assert fix.applicability is Applicability.SAFE
        assert linted.after(fix)["policy.xml"] == document("<base />")

    def test_one_code_of_several(self):
        linted = check(
            document("<!-- apim-policy: ignore[XML006, {|LNT001:XML001|}] -->", TWICE), select=["XML", "LNT"]
        )
        (fix,) = linted.the("LNT001").fixes
        assert lines_of(linted.after(fix)["policy.xml"])[0] == "<!-- apim-policy: ignore[XML006] -->"

    def test_the_first_code_of_several(self):
        linted = check(
            document("<!-- apim-policy: ignore[{|LNT001:XML001|}, XML006] -->", TWICE), select=["XML", "LNT"]
        )
        (fix,) = linted.the("LNT001").fixes
        assert lines_of(linted.after(fix)["policy.xml"])[0] == "<!-- apim-policy: ignore[XML006] -->"

    def test_all_of_several_codes_are_one_finding(self):
        linted = check(document("{|LNT001:<!-- apim-policy: ignore[XML006, XML001] -->|}", "<base />"))
        assert "no finding of XML006 or XML001" in linted.the("LNT001").message

    def test_of_a_file(self):
        linted = check("{|LNT001:<!-- apim-policy: ignore-file[XML006] -->|}\n" + document("<base />"))
        assert linted.the("LNT001").message == (
            "There is no finding of XML006 in this document to suppress. Remove the comment."
        )

    def test_a_comment_beside_an_element_goes_without_the_line(self):
        beside = "<base /> {|LNT001:<!-- apim-policy: ignore[XML006] -->|}"
        linted = check(document(beside, "<set-method>GET</set-method>"))
        (fix,) = linted.the("LNT001").fixes
        assert lines_of(linted.after(fix)["policy.xml"])[0] == "<base />"

    def test_a_rule_that_does_not_run_is_left_alone(self):
        check(document("<!-- apim-policy: ignore[XML006] -->", "<base />"), select=["LNT"])

    def test_it_can_be_suppressed_itself(self):
        check(
            "<!-- apim-policy: ignore-file[LNT001] -->\n"
            + document("<!-- apim-policy: ignore[XML006] -->", "<base />")
        )

    def test_crlf_goes_with_the_line(self):
        source = document("{|LNT001:<!-- apim-policy: ignore[XML006] -->|}", "<base />").replace("\n", "\r\n")
        linted = check(source)
        (fix,) = linted.the("LNT001").fixes
        assert linted.after(fix)["policy.xml"] == document("<base />").replace("\n", "\r\n")


class TestWrong:
    @pytest.mark.parametrize(
        "form", ["ignore", "ignore[]", "ignore [ ]", "ignore because it is fine", "ignore-file"]
    )
    def test_codes_are_required(self, form: str):
        linted = check(document(f"{{|LNT001:<!-- apim-policy: {form} -->|}}", MARKED), select=["XML", "LNT"])
        assert linted.the("LNT001").message == (
            "This suppression names no rule, so it suppresses nothing. Name the rules, as in ignore[XML006]."
        )

    def test_an_unknown_code_names_the_nearest(self):
        linted = check(
            document("<!-- apim-policy: ignore[{|LNT001:XML06|}] -->", MARKED), select=["XML", "LNT"]
        )
        finding = linted.the("LNT001")
        assert finding.message == (
            'There is no rule "XML06", so nothing is suppressed by it. Did you mean "XML006"?'
        )
        (fix,) = finding.fixes
        assert fix.applicability is Applicability.UNSAFE
        assert "ignore[XML006]" in linted.after(fix)["policy.xml"]

    def test_an_unknown_code_with_nothing_near(self):
        linted = check(document("<!-- apim-policy: ignore[{|LNT001:everything|}] -->", "<base />"))
        assert linted.the("LNT001").message == (
            'There is no rule "everything", so nothing is suppressed by it. Give the code of the finding.'
        )

    def test_a_family_is_no_code(self):
        linted = check(
            document("<!-- apim-policy: ignore[{|LNT001:XML|}] -->", MARKED), select=["XML", "LNT"]
        )
        assert '"XML" is a family of rules' in linted.the("LNT001").message

    def test_nothing_follows(self):
        linted = check(document("<base />", "{|LNT001:<!-- apim-policy: ignore[XML006] -->|}"))
        assert linted.the("LNT001").message == (
            "No element follows this suppression, so it suppresses nothing. Remove it."
        )

    def test_a_file_is_not_ignored_from_within(self):
        linted = check(
            document("{|LNT001:<!-- apim-policy: ignore-file[XML006] -->|}", MARKED), select=["XML", "LNT"]
        )
        assert "only in a comment before the root element" in linted.the("LNT001").message

    @pytest.mark.parametrize(
        "comment",
        ["<!-- ignore[XML006] -->", "<!-- apim-policy: scope=api -->", "<!-- see apim-policy: ignore -->"],
    )
    def test_other_comments_are_none_of_its_business(self, comment: str):
        check(document(comment, "<base />"), select=["LNT"])


class TestInExpression:
    def test_a_comment_without_use(self):
        source = document(
            "<set-body>@{", "{|LNT001:// apim-policy: ignore[XML004] old|}", "return 1;", "}</set-body>"
        )
        linted = check(source)
        (fix,) = linted.the("LNT001").fixes
        assert fix.applicability is Applicability.UNSAFE
        assert lines_of(linted.after(fix)["policy.xml"]) == ["<set-body>@{", "return 1;", "}</set-body>"]

    def test_nothing_follows(self):
        linted = check("<policies><a>@{ return 1; {|LNT001:// apim-policy: ignore[XML006]|}", select=["LNT"])
        assert "No line of the expression follows" in linted.the("LNT001").message

    def test_an_address_in_a_string_is_no_comment(self):
        check(
            document("<set-body>@{", 'var a = "https://apim-policy:80/ignore";', "return a;", "}</set-body>")
        )
