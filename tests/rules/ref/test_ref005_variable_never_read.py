"""Variables that are set and that nothing reads."""

from __future__ import annotations

import pytest

from apim_policy.rules.model import Severity, Tag
from support.layers import API, COMMON, OPERATION, get, layers, policies, put
from support.workspaces import check

ONLY = ["REF005"]
UNREAD = '<set-variable name="{|REF005:a|}" value="1" />'


@pytest.mark.parametrize(
    "files",
    [
        layers(operation=UNREAD),
        layers(api=UNREAD),
        layers(operation=UNREAD + UNREAD),
        layers(operation=UNREAD + COMMON, fragment=get("b")),
        layers(
            operation=UNREAD
            + '<set-body>@(context.Variables["{{name}}"])</set-body>'.replace("{{name}}", "b")
        ),
        layers(operation='<validate-jwt output-token-variable-name="{|REF005:a|}" />'),
        layers(operation='<cache-lookup-value key="k" variable-name="{|REF005:a|}" />'),
        {OPERATION: policies(UNREAD, base=False)},
    ],
)
def test_what_nothing_reads(files: dict[str, str]) -> None:
    for finding in check(files, select=ONLY).all:
        assert finding.severity is Severity.HINT
        assert finding.tags == {Tag.UNNECESSARY}
        assert finding.message == 'Nothing reads the variable "a", so setting it can go.'


@pytest.mark.parametrize(
    "files",
    [
        layers(operation=put("a") + get("a")),
        layers(operation=get("a") + put("a")),
        layers(operation=put("a") + '<set-body>@(context.Variables.ContainsKey("a"))</set-body>'),
        layers(operation=put("a") + '<set-body template="liquid">{{context.Variables.a}}</set-body>'),
        layers(operation=put("a") + '<return-response response-variable-name="a" />'),
        layers(operation=put("a") + COMMON, fragment=get("a")),
        layers(operation=put("a"), everywhere=get("a")),
        layers(operation=put("a"), api=get("a")),
        layers(api=put("a"), operation=get("a")),
        layers(api=put("a"), operation=COMMON, fragment=get("a")),
    ],
)
def test_what_something_reads(files: dict[str, str]) -> None:
    check(files, select=ONLY)


@pytest.mark.parametrize(
    "files",
    [
        {"policy.xml": policies(put("a"))},
        {"policy.xml": policies(put("a"), base=False)},
        layers(fragment=put("a"), operation=COMMON),
        layers(everywhere=put("a")),
        layers(operation=put("a"), everywhere=None),
        {API: policies(put("a"))},
        layers(operation=put("a") + '<include-fragment fragment-id="unknown" />'),
        layers(operation=put("a"), api='<include-fragment fragment-id="unknown" />'),
        layers(operation=put("a") + "<set-body>@(context.Variables[name])</set-body>"),
        layers(operation=put("a") + "<set-body>@(context.Variables.Count)</set-body>"),
        layers(operation=put("a"), everywhere='<set-body>@(context.Variables["{{name}}"])</set-body>'),
        layers(operation=put("{{name}}")),
        layers(operation=put("a") + "{{policies}}"),
        layers(operation=put("a") + "<set-body"),
    ],
)
def test_what_something_unknown_may_read(files: dict[str, str]) -> None:
    check(files, select=ONLY)


def test_a_name_that_a_policy_demands() -> None:
    check(layers(operation='<send-request mode="new" response-variable-name="a" />'), select=ONLY)
    check(layers(operation='<validate-graphql-request max-size="1" />'), select=ONLY)


def test_a_read_in_other_case_is_another_rules() -> None:
    check(layers(operation=put("userId") + get("userid")), select=ONLY)
