"""What is offered for findings."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apim_policy.ide.actions import ActionKind, actions, fix_all, line_edits, suppression
from apim_policy.lint.engine import lint_document
from apim_policy.lint.selection import Selection
from apim_policy.rules.model import Applicability, Diagnostic, FileEdit, Fix, Severity
from apim_policy.syntax.parser import parse
from apim_policy.text.edits import TextEdit, apply_edits
from apim_policy.text.span import Span
from support.markers import parse_markers
from support.workspaces import open_workspace, write_files

PATH = Path("/work/policy.xml")


def finding(span: Span, *fixes: Fix, code: str = "SEC003") -> Diagnostic:
    return Diagnostic(PATH, span, code, "some-rule", Severity.WARNING, "…", fixes=fixes)


def suppressed(marked: str, code: str = "SEC003") -> str:
    """The text after a finding at the cursor was suppressed."""
    fixture = parse_markers(marked)
    assert fixture.cursor is not None
    place = Span(fixture.cursor, fixture.cursor + 1)
    fix = suppression(parse(fixture.text), PATH, finding(place, code=code))
    assert fix is not None
    ((path, edits),) = [(edit.path, edit.edits) for edit in fix.edits]
    assert path == PATH
    return apply_edits(fixture.text, edits)


def test_the_comment_stands_above_the_policy_with_its_indentation() -> None:
    assert suppressed(
        """\
<policies>
    <inbound>
        <set-header name="A" exists-action="override">
            <value>@(context$0.Request)</value>
        </set-header>
    </inbound>
</policies>"""
    ) == (
        """\
<policies>
    <inbound>
        <!-- apim-policy: ignore[SEC003] -->
        <set-header name="A" exists-action="override">
            <value>@(context.Request)</value>
        </set-header>
    </inbound>
</policies>"""
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "<policies><inbound>$0<base /></inbound></policies>",
            "<policies><inbound><!-- apim-policy: ignore[SEC003] --><base /></inbound></policies>",
            id="on one line",
        ),
        pytest.param(
            "<policies>$0\n</policies>",
            "<!-- apim-policy: ignore-file[SEC003] -->\n<policies>\n</policies>",
            id="in the root",
        ),
        pytest.param(
            "$0text\n<policies />",
            "text\n<!-- apim-policy: ignore-file[SEC003] -->\n<policies />",
            id="outside the root",
        ),
        pytest.param(
            "<fragment>\n\t<unheard-of>$0</unheard-of>\n</fragment>",
            "<fragment>\n\t<!-- apim-policy: ignore[SEC003] -->\n\t<unheard-of></unheard-of>\n</fragment>",
            id="a policy of no known name",
        ),
        pytest.param(
            '<fragment>\n<set-body template="liquid"><choose><when>$0</when></choose></set-body>\n</fragment>',
            '<fragment>\n<!-- apim-policy: ignore[SEC003] -->\n<set-body template="liquid"><choose><when></when></choose></set-body>\n</fragment>',
            id="a body is left alone",
        ),
        pytest.param(
            "<fragment>\n<!-- apim-policy: ignore[XML006] why -->\n<trace $0/>\n</fragment>",
            "<fragment>\n<!-- apim-policy: ignore[XML006, SEC003] why -->\n<trace />\n</fragment>",
            id="a comment takes the code in",
        ),
        pytest.param(
            "<!-- apim-policy: ignore-file[XML006] -->\n<policies>$0</policies>",
            "<!-- apim-policy: ignore-file[XML006, SEC003] -->\n<policies></policies>",
            id="so does that of the file",
        ),
    ],
)
def test_where_the_comment_goes(before: str, after: str) -> None:
    assert suppressed(before) == after


def test_what_has_no_place_in_the_document_is_not_suppressed() -> None:
    document = parse("<policies />")
    assert suppression(document, PATH, finding(Span(0, 0), code="LNT003")) is None
    assert suppression(parse("no root"), PATH, finding(Span(0, 1))) is None


def test_a_suppressed_finding_is_gone(tmp_path: Path) -> None:
    text = "<policies>\n    <inbound>\n        <base a='1' a='2' />\n    </inbound>\n</policies>\n"
    path = write_files(tmp_path, {"policy.xml": text}) / "policy.xml"
    workspace = open_workspace(tmp_path)
    selection = Selection(workspace.settings)
    (found,) = [item for item in lint_document(workspace, path, selection) if item.code == "XML006"]
    fix = suppression(parse(text), path, found)
    assert fix is not None
    path.write_text(apply_edits(text, fix.edits[0].edits))
    again = open_workspace(tmp_path)
    codes = {item.code for item in lint_document(again, path, selection)}
    assert codes.isdisjoint({"XML006", "LNT001"})


def test_fixes_come_before_comments_and_only_for_what_is_touched() -> None:
    document = parse("<policies><inbound /><backend /></policies>")
    fix = Fix("Do it", (FileEdit(PATH, (TextEdit.insert(0, "x"),)),), preferred=True)
    here, there = finding(Span(10, 21), fix), finding(Span(21, 32), fix, code="SEC001")
    found = actions(document, PATH, [here, there], Span(12, 12))
    assert [(action.kind, action.fix.title, action.preferred) for action in found] == [
        (ActionKind.QUICK_FIX, "Do it", True),
        (ActionKind.SUPPRESS, "Suppress SEC003 some-rule here", False),
    ]


@pytest.mark.parametrize("caret", [10, 15, 21])
def test_a_caret_touches_a_finding_at_both_its_ends(caret: int) -> None:
    document = parse("<policies><inbound /></policies>")
    assert actions(document, PATH, [finding(Span(10, 21))], Span(caret, caret))


def test_two_findings_of_a_rule_are_suppressed_by_one_comment() -> None:
    document = parse("<policies><inbound /></policies>")
    found = actions(document, PATH, [finding(Span(10, 12)), finding(Span(12, 14))], Span(10, 20))
    assert len(found) == 1


def test_fixing_all_applies_what_is_safe_and_nothing_else(tmp_path: Path) -> None:
    text = "<policies>\n    <inbound>\n        <base></bse>\n    </inbound>\n    <backend a='1' a='2' />\n</policies>\n"
    path = write_files(tmp_path, {"policy.xml": text}) / "policy.xml"
    workspace = open_workspace(tmp_path)
    selection = Selection(workspace.settings)
    offered = [fix for item in lint_document(workspace, path, selection) for fix in item.fixes[:1]]
    assert {fix.applicability for fix in offered} == set(Applicability)
    fix = fix_all(workspace, path, selection, "Fix all")
    assert fix is not None
    after = apply_edits(text, fix.edits[0].edits)
    assert after == text.replace("</bse>", "</base>")


def test_nothing_to_fix_is_no_action(tmp_path: Path) -> None:
    path = write_files(tmp_path, {"policy.xml": "<policies />"}) / "policy.xml"
    workspace = open_workspace(tmp_path)
    assert fix_all(workspace, path, Selection(workspace.settings), "Fix all") is None


TEXTS = st.text(st.sampled_from("ab\n\r\u2028"), max_size=30)


@given(TEXTS, TEXTS)
def test_line_edits_lead_from_one_text_to_the_other(before: str, after: str) -> None:
    edits = line_edits(before, after)
    assert apply_edits(before, edits) == after
    assert (before == after) == (not edits)


def test_lines_that_stay_are_not_touched() -> None:
    (edit,) = line_edits("a\nb\nc\n", "a\nB\nc\n")
    assert edit == TextEdit(Span(2, 4), "B\n")
