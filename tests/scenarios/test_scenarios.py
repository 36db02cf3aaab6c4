"""What each situation that an MCP server can be in is told, and what becomes of its files when a fix is applied.

A folder holds ``files``, with marks at the findings, and ``after-<code>``: the files that the first fix of the finding
of that code changes, as they are then.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from apim_policy.rules.model import Severity
from support.workspaces import Linted, check, lint

HERE = Path(__file__).parent
SCENARIOS = sorted(folder.parent.name for folder in HERE.glob("*/files"))
FIXES = sorted((folder.parent.name, folder.name.removeprefix("after-")) for folder in HERE.glob("*/after-*"))

LEVELS = {
    "01-question-and-answer": {"MCP001": Severity.WARNING, "MCP002": Severity.INFO},
    "02-three-tools-over-two-apis": {"MCP001": Severity.WARNING, "MCP002": Severity.INFO},
    "03-relay-of-2025": {"MCP005": Severity.WARNING},
    "03-relay-of-2025-forwarded": {"MCP005": Severity.WARNING, "MCP006": Severity.INFO},
    "04-relay-into-required-subscription": {"MCP004": Severity.ERROR},
    "04-no-relay-into-required-subscription": {"MCP001": Severity.WARNING, "MCP002": Severity.INFO},
    "05-passthrough": {},
    "06-operation-sets-it-itself": {},
    "07-fragment-sets-it": {"MCP001": Severity.WARNING},
    "08-set-in-one-branch": {"MCP001": Severity.WARNING, "MCP002": Severity.INFO},
    "09-deleted": {"MCP002": Severity.INFO},
    "09-deleted-forwarded": {},
    "10-lone-file-in-mcp-server": {"MCP001": Severity.INFO},
    "10-lone-file-named-mcp": {"MCP001": Severity.HINT},
    "10-lone-file-with-comment": {"MCP001": Severity.WARNING},
    "11-http-api-called-mcp": {},
    "12-gateway-forwards": {},
}


def files(scenario: str, part: str = "files") -> dict[str, str]:
    folder = HERE / scenario / part
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def linted(scenario: str) -> Linted:
    return lint(files(scenario), select=["MCP"])


def test_no_scenario_is_left_out() -> None:
    assert sorted(LEVELS) == SCENARIOS
    assert {int(name[:2]) for name in SCENARIOS} == set(range(1, 13))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_findings(scenario: str) -> None:
    found = check(files(scenario), select=["MCP"]).all
    assert {finding.code: finding.severity for finding in found} == LEVELS[scenario]


@pytest.mark.parametrize(("scenario", "code"), FIXES)
def test_fix(scenario: str, code: str) -> None:
    before = linted(scenario)
    fix = before.the(code).fixes[0]
    after = before.after(fix)
    assert after == before.files | files(scenario, f"after-{code}")
    assert code not in lint(after, select=["MCP"]).codes()


@pytest.mark.parametrize(
    "scenario", ["01-question-and-answer", "02-three-tools-over-two-apis", "08-set-in-one-branch"]
)
def test_relay_leaves_nothing_to_report(scenario: str) -> None:
    before = linted(scenario)
    assert not lint(before.after(before.the("MCP001").fixes[0]), select=["MCP"]).all


@pytest.mark.parametrize(
    ("scenario", "file"),
    [
        ("01-question-and-answer", "apis/orders-api/policy.xml"),
        ("08-set-in-one-branch", "apis/orders-api/policy.xml"),
    ],
)
def test_the_same_relay_is_offered_at_the_api(scenario: str, file: str) -> None:
    before = linted(scenario)
    at_server, at_api = before.the("MCP001").fixes[0], before.the("MCP002", file).fixes[0]
    assert before.after(at_server) == before.after(at_api)
    assert at_server.batch
    assert not at_api.batch


@pytest.mark.parametrize(
    "scenario",
    ["01-question-and-answer", "02-three-tools-over-two-apis", "07-fragment-sets-it", "08-set-in-one-branch"],
)
def test_removing_the_relay_gives_back_the_plain_form(scenario: str) -> None:
    plain = linted(scenario)
    relayed = plain.after(plain.the("MCP001").fixes[0])
    forwarding = {"apim-policy.toml": '[gateway]\nmcp-header-forwarding = "automatic"\n'}
    obsolete = lint(relayed | forwarding, select=["MCP"])
    assert obsolete.codes() == {"MCP006": 1}
    assert obsolete.after(obsolete.the("MCP006").fixes[0]) == plain.files | forwarding


def test_a_relay_is_unsafe_and_applied_in_bulk_only_by_name() -> None:
    fix = linted("01-question-and-answer").the("MCP001").fixes[0]
    assert fix.applicability.value == "unsafe"
    assert fix.named


def test_no_relay_where_the_key_is_checked() -> None:
    findings = linted("04-no-relay-into-required-subscription")
    for code in ("MCP001", "MCP002"):
        finding = findings.the(code)
        assert '"orders-api" requires a subscription' in finding.message
        assert "answers 401" in finding.message
        assert not any("Relay" in fix.title for fix in finding.fixes)


def test_the_line_that_requires_a_subscription_is_shown() -> None:
    findings = linted("04-relay-into-required-subscription")
    (place,) = findings.the("MCP004").related
    assert findings.name(place.path) == "apis/orders-api/apiInformation.json"
    text = findings.files["apis/orders-api/apiInformation.json"]
    assert '"subscriptionRequired": true' in text.splitlines()[text.count("\n", 0, place.span.start)]


def test_the_fragment_that_sets_a_header_is_shown() -> None:
    findings = linted("07-fragment-sets-it")
    (place,) = findings.the("MCP001").related
    assert findings.name(place.path) == "policy fragments/name-the-user/policy.xml"
    assert findings.files["policy fragments/name-the-user/policy.xml"][place.span.start :].startswith(
        '<set-header name="X-User-Id"'
    )


def test_a_header_that_is_set_in_one_branch_may_be_lost() -> None:
    assert "may set" in linted("08-set-in-one-branch").the("MCP001").message
    assert "may set" not in linted("01-question-and-answer").the("MCP001").message


def test_both_apis_are_named() -> None:
    findings = linted("02-three-tools-over-two-apis")
    assert findings.the("MCP001").message.startswith(
        'The APIs "orders-api" and "stock-api" will not see "Authorization"'
    )
    looks = [place for place in findings.the("MCP001").related if "looks for it" in place.message]
    assert {findings.name(place.path) for place in looks} == {
        "apis/orders-api/policy.xml",
        "apis/stock-api/policy.xml",
    }


@pytest.mark.parametrize(
    "scenario", ["10-lone-file-in-mcp-server", "10-lone-file-named-mcp", "10-lone-file-with-comment"]
)
def test_a_lone_file_gets_the_other_half_as_text(scenario: str) -> None:
    findings = linted(scenario)
    finding = findings.the("MCP001")
    assert 'StartsWith("Authorization="))">' in finding.message
    assert '<set-header name="Ocp-Apim-Subscription-Key" exists-action="delete" />' in finding.message
    assert not finding.fixes[0].batch
    assert "(only if" in finding.fixes[0].title


@pytest.mark.parametrize("scenario", ["10-lone-file-in-mcp-server", "10-lone-file-named-mcp"])
def test_what_a_path_says_can_be_stated(scenario: str) -> None:
    findings = linted(scenario)
    finding = findings.the("MCP001")
    assert "was assumed from its path" in finding.message
    state = {fix.title: fix for fix in finding.fixes if fix.title.startswith("State that this is")}
    expected = {
        "State that this is the policy of a REST-backed MCP server": {"MCP001": Severity.WARNING},
        "State that this is the policy of a passthrough MCP server": {},
        "State that this is not the policy of an MCP server": {},
    }
    assert set(state) == set(expected)
    for title, fix in state.items():
        stated = lint(findings.after(fix), select=["MCP"])
        assert {item.code: item.severity for item in stated.all} == expected[title]
        assert not fix.batch


def test_no_path_is_spoken_of_where_a_comment_says_it() -> None:
    finding = linted("10-lone-file-with-comment").the("MCP001")
    assert "path" not in finding.message
    assert not any(fix.title.startswith("State that this") for fix in finding.fixes)
