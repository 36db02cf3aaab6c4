"""Names of variables and fragments in other case than where they are defined."""

from __future__ import annotations

import pytest

from apim_policy.rules.model import Severity
from support.layers import COMMON, FRAGMENT, OPERATION, get, layers, policies, put
from support.policies import inbound, mended, message
from support.workspaces import check

ONLY = ["REF007"]
READ = get("userid", mark="REF007")


@pytest.mark.parametrize(
    "files",
    [
        {"policy.xml": inbound(put("userId") + READ)},
        {"policy.xml": inbound(READ + put("userId"))},
        {"policy.xml": f"<fragment>{put('userId')}{READ}</fragment>"},
        {"policy.xml": inbound(put("userId") + '<include-fragment fragment-id="unknown" />' + READ)},
        layers(operation=READ, api=put("userId")),
        layers(api=READ, operation=put("userId")),
        layers(operation=COMMON + READ, fragment=put("userId")),
    ],
)
def test_variables(files: dict[str, str]) -> None:
    finding = check(files, select=ONLY).the("REF007")
    assert finding.severity is Severity.WARNING
    assert finding.message == (
        'Nothing sets the variable "userid". Names tell upper from lower case: the one that is set is "userId".'
    )


@pytest.mark.parametrize(
    "read",
    [
        '@(context.Variables.GetValueOrDefault<string>("{|REF007:userid|}", ""))',
        '@(context.Variables.ContainsKey("{|REF007:userid|}"))',
        '@(context.Variables.TryGetValue("{|REF007:userid|}", out var id))',
    ],
)
def test_reads_that_would_take_the_default_every_time(read: str) -> None:
    check(inbound(f"{put('userId')}<set-body>{read}</set-body>"), select=ONLY)


@pytest.mark.parametrize(
    "policies_",
    [
        put("userId") + get("userId"),
        put("userId") + put("userid") + get("userid") + get("userId"),
        put("userId") + put("{{name}}") + get("userid"),
        put("user") + get("userid"),
        get("userid") + get("userId"),
    ],
)
def test_names_that_are_set(policies_: str) -> None:
    check(inbound(policies_), select=ONLY)


def test_the_exact_name_may_be_set_around_it() -> None:
    check(layers(operation=put("userId") + get("userid"), api=put("userid")), select=ONLY)


def test_the_right_name_is_written() -> None:
    assert mended(inbound(put("userId") + READ), ONLY) == inbound(put("userId") + get("userId"))


def test_each_use_is_its_own_finding() -> None:
    linted = check(inbound(put("userId") + READ + READ), select=ONLY)
    fixes = [finding.fixes[0] for finding in linted.all]
    assert linted.after(*fixes)["policy.xml"] == inbound(put("userId") + get("userId") * 2)


def test_fragments() -> None:
    files = layers(operation='<include-fragment fragment-id="{|REF007:Common|}" />')
    linted = check(files, select=ONLY)
    finding = linted.the("REF007")
    assert finding.severity is Severity.INFO
    assert finding.message == 'The fragment is called "common", not "Common".'
    assert linted.after(finding.fixes[0])[OPERATION] == policies(COMMON)


def test_fragments_that_are_spelled_right_or_not_known() -> None:
    check(layers(operation=COMMON + '<include-fragment fragment-id="unknown" />'), select=ONLY)
    files = layers(operation=COMMON)
    del files[FRAGMENT]
    check(files, select=ONLY)


def test_the_message_for_a_lone_file() -> None:
    assert message(inbound(put("userId") + READ), ONLY).startswith('Nothing sets the variable "userid".')
