"""Named values that the service does not have."""

from __future__ import annotations

import pytest

from apim_policy.rules.model import Severity
from support.layers import OPERATION, layers, policies
from support.policies import inbound
from support.resources import described
from support.workspaces import check

ONLY = ["REF002"]
LIST = described("named value", "backend-key", displayName="backend-key")
RENAMED = described("named value", "65a1", displayName="tenant")


def listed(operation: str) -> dict[str, str]:
    return {**layers(operation=operation), **LIST, **RENAMED}


def header(value: str) -> str:
    return f'<set-header name="X-Key" exists-action="override"><value>{value}</value></set-header>'


def test_a_misspelled_name() -> None:
    linted = check(listed(header("{{{|REF002:backend-kye|}}}")), ONLY)
    finding = linted.the("REF002")
    assert finding.severity is Severity.WARNING
    assert (
        finding.message
        == 'There is no named value "backend-kye" in "named values". Did you mean "backend-key"?'
    )
    assert [linted.name(item.path) for item in finding.related] == list(LIST)
    assert linted.after(finding.fixes[0])[OPERATION] == policies(header("{{backend-key}}"))


@pytest.mark.parametrize(
    "policy",
    [
        '<set-backend-service base-url="https://{{{|REF002:host|}}}.example.com/{{tenant}}" />',
        '<set-variable name="a" value="{{{|REF002:one|}}}{{{|REF002:two|}}}" />',
        header("Bearer {{{|REF002:token|}}}"),
        header('@("Bearer " + "{{{|REF002:token|}}}")'),
        '<set-variable name="a" value="@{ var a = &quot;{{{|REF002:token|}}}&quot;; return a; }" />',
        "<set-body>{{{|REF002:body|}}}</set-body>",
        "{{{|REF002:policies|}}}",
    ],
)
def test_wherever_it_stands(policy: str) -> None:
    check(listed(policy), ONLY)


@pytest.mark.parametrize(
    "policy",
    [
        header("{{backend-key}}"),
        header("{{Backend-Key}}"),
        header("{{tenant}}"),
        header("{{65a1}}"),
        header("{{backend key}}"),
        header("{{${name}}}"),
        header("{{__NAME__}}"),
        header("<!-- {{token}} -->x"),
        header('@($"{{token}} {context.Api.Id}")'),
        header('@(string.Format("{{0}}", context.Api.Id))'),
        header('@(string.Format("{{{0}}}", context.Api.Id))'),
        header('@{ var a = new Dictionary<string, string> {{"a", "b"}}; return a["a"]; }'),
        '<set-body template="liquid">{{body.name}}</set-body>',
    ],
)
def test_names_that_exist_and_what_may_be_something_else(policy: str) -> None:
    check(listed(policy), ONLY)


def test_nothing_without_a_list_of_named_values() -> None:
    check(inbound(header("{{token}}")), ONLY)
    check(layers(operation=header("{{token}}")), ONLY)


def test_a_file_that_cannot_be_read_still_is_a_named_value() -> None:
    files = {**listed(header("{{broken}}")), "named values/broken/namedValueInformation.json": "{"}
    check(files, ONLY)


def test_the_folder_of_the_other_generation() -> None:
    files = layers(operation=header("{{a}}{{{|REF002:b|}}}"))
    check({**files, "namedValues/a/namedValueInformation.json": "{}"}, ONLY)
