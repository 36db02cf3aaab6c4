"""Rules of an organisation's own, by XPath."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apim_policy.lint.engine import lint_document
from apim_policy.lint.selection import Selection
from apim_policy.rules import custom
from apim_policy.workspace.settings import SettingsError, load_settings
from apim_policy.workspace.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from apim_policy.rules.model import Diagnostic

DOCUMENT = """\
<policies>
    <inbound>
        <!-- the caller -->
        <set-header name="X-Caller" exists-action="override">
            <value>@(context.Request.Headers["X-Me"][0] + "<")</value>
        </set-header>
        <choose>
            <when condition="@(1 < 2)">
                <set-body><x:Envelope>text</x:Envelope></set-body>
            </when>
        </choose>
    </inbound>
</policies>
"""


@pytest.fixture
def check(tmp_path: Path):
    def run(xpath: str, document: str = DOCUMENT, more: str = "") -> list[Diagnostic]:
        file = tmp_path / "apim-policy.toml"
        rule = f"[[custom-rule]]\ncode = 'ORG001'\nxpath = '''{xpath}'''\nmessage = 'Not here.'\n"
        file.write_text(more + rule, encoding="utf-8")
        path = tmp_path / "policy.xml"
        path.write_text(document, encoding="utf-8")
        settings = load_settings(file)
        workspace = Workspace.discover(tmp_path, settings)
        found = lint_document(workspace, path, Selection(settings, select=["ORG", "LNT"]))
        return [finding for finding in found if finding.code in ("ORG001", "LNT001", "LNT003")]

    return run


@pytest.mark.parametrize(
    ("xpath", "places"),
    [
        ("//set-header", ["set-header"]),
        ("//set-header/@name", ["X-Caller"]),
        ("//set-header/@exists-action | //when/@condition", ["override", "@(1 < 2)"]),
        ("//when[contains(@condition, '<')]", ["when"]),
        ("//value[contains(., 'context.Request.Headers[\"X-Me\"]')]", ["value"]),
        ("//value/text()", ['@(context.Request.Headers["X-Me"][0] + "<")']),
        ("//x_Envelope/text()", ["text"]),
        ("//x_Envelope", ["x:Envelope"]),
        ("count(//set-header) > 0", ["policies"]),
        ("count(//set-header) > 1", []),
        ("//base", []),
    ],
)
def test_a_finding_stands_at_what_the_xpath_selects(check, xpath: str, places: list[str]) -> None:
    found = check(xpath)
    assert [DOCUMENT[finding.span.start : finding.span.end] for finding in found] == places
    assert {finding.message for finding in found} <= {"Not here."}


def test_a_text_that_follows_an_element_has_its_own_place(check) -> None:
    document = "<fragment><set-body><a/>tail<b/></set-body></fragment>"
    (finding,) = check("//set-body/text()", document)
    assert document[finding.span.start : finding.span.end] == "tail"


def test_a_suppression_names_the_rule(check) -> None:
    document = "<fragment><!-- apim-policy: ignore[ORG001] for now --><base /></fragment>"
    assert check("//base", document) == []
    (unused,) = check("//set-body", document)
    assert unused.code == "LNT001"


def test_settings_give_the_rule_another_level_or_leave_it_out(check) -> None:
    (finding,) = check("//when", more="[rules]\nORG001 = 'error'\n")
    assert finding.severity.value == "error"
    assert check("//when", more="[per-file]\n'*.xml' = { ignore = ['ORG001'] }\n") == []


def test_a_document_that_is_not_well_formed_is_left_to_other_rules(check) -> None:
    assert check("//base", "<fragment><base /><set-body></fragment>") == []


def test_an_xpath_that_takes_too_long_is_given_up_and_said_so(check, monkeypatch) -> None:
    monkeypatch.setattr(custom, "SECONDS", 0.01)
    document = f"<fragment>{'<base />' * 3000}</fragment>"
    (finding,) = check("//*[count(//*[count(//*) > 1]) > 1]", document)
    assert finding.message == (
        "The XPath of ORG001 was given up after 0.01 seconds. Nothing is known of what it looks for."
    )
    assert document[finding.span.start : finding.span.end] == "fragment"


def test_an_xpath_that_cannot_run_on_a_document_is_said_so(check) -> None:
    (finding,) = check("//set-header[re:test(@name, 'x')]")
    assert finding.message.startswith("The XPath of ORG001 could not run here: Undefined namespace prefix")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "code = 'ORG001'\nxpath = '//a['\nmessage = 'm'",
            "apim-policy.toml:3: This is no XPath 1.0 that can run here",
        ),
        ("code = 'ORG001'\nxpath = 'document(\"x\")'\nmessage = 'm'", "Unregistered function"),
        ("code = 'ORG001'\nxpath = '//a:b'\nmessage = 'm'", "Undefined namespace prefix"),
        ("code = 'ORG001'\nxpath = 'count(//a)'\nmessage = 'm'", "The XPath gives a number."),
        ("code = 'ORG001'\nxpath = 'string(//a)'\nmessage = 'm'", "The XPath gives a text."),
        ("code = 'org'\nxpath = '//a'\nmessage = 'm'", '"org" is no code. Write three capital letters'),
        (
            "code = 'MCP100'\nxpath = '//a'\nmessage = 'm'",
            "MCP is a family of rules that comes with apim-policy",
        ),
        ("code = 'ORG001'\nxpath = '//a'", '"message" is missing.'),
        (
            "code = 'ORG001'\nxpath = '//a'\nmessage = 'm'\nlevel = 'off'",
            '"off" is no value of custom-rule.level',
        ),
    ],
)
def test_a_rule_that_makes_no_sense_is_an_error_of_the_settings(
    tmp_path: Path, text: str, message: str
) -> None:
    file = tmp_path / "apim-policy.toml"
    file.write_text(f"[[custom-rule]]\n{text}\n", encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        Selection(load_settings(file))
    assert message in str(error.value)


def test_two_rules_of_one_code_are_an_error(tmp_path: Path) -> None:
    file = tmp_path / "apim-policy.toml"
    rule = "[[custom-rule]]\ncode = 'ORG001'\nxpath = '//a'\nmessage = 'm'\n"
    file.write_text(rule + rule, encoding="utf-8")
    with pytest.raises(SettingsError, match="Two custom rules have the code ORG001"):
        load_settings(file)
