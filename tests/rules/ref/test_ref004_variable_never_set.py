"""Reads of variables that nothing sets."""

from __future__ import annotations

import pytest

from apim_policy.rules.model import Severity
from support.layers import API, COMMON, GLOBAL, OPERATION, get, layers, policies, put
from support.policies import inbound, mended, message, outbound
from support.workspaces import check

ONLY = ["REF004"]
READ = get("a", mark="REF004")


@pytest.mark.parametrize(
    "policies_",
    [
        READ,
        put("b") + READ,
        '<set-variable name="b" value="@(context.Variables["{|REF004:a|}"])" />',
        "<set-body>@(context.Variables[&quot;{|REF004:a|}&quot;])</set-body>",
        '<set-body>@{ var v = context.Variables; return v["{|REF004:a|}"]; }</set-body>',
        '<choose><when condition="@((bool)context.Variables["{|REF004:a|}"])" /></choose>',
        '<return-response response-variable-name="{|REF004:a|}" />',
    ],
)
def test_a_lone_file_is_told_softly(policies_: str) -> None:
    finding = check(inbound(policies_), select=ONLY).the("REF004")
    assert finding.severity is Severity.INFO


@pytest.mark.parametrize(
    "policies_",
    [
        put("a") + get("a"),
        get("a") + put("a"),
        f'<choose><when condition="@(true)">{put("a")}</when></choose>' + get("a"),
        '<send-request mode="new" response-variable-name="a" />' + get("a"),
        '<validate-jwt output-token-variable-name="a" />' + get("a"),
        '<set-body>@(context.Variables.GetValueOrDefault<string>("a"))</set-body>',
        '<set-body>@(context.Variables.ContainsKey("a") ? context.Variables["a"] : "")</set-body>',
        '<set-body>@(context.Variables.TryGetValue("a", out var a))</set-body>',
        '<set-body template="liquid">{{context.Variables.a}}</set-body>',
        "<set-body>@(context.Variables[name])</set-body>",
        '<set-body>@(context.Variables["{{name}}"])</set-body>',
        '<set-body>@(context.Variables["a${b}"])</set-body>',
        '<set-body>@(string.Join(",", context.Variables.Keys))</set-body>',
        put("@(context.Api.Id)") + get("a"),
        put("{{name}}") + get("a"),
        put("x-${name}") + get("a"),
        '<include-fragment fragment-id="unknown" />' + get("a"),
        '<include-fragment fragment-id="{{fragment}}" />' + get("a"),
        "${policies}" + get("a"),
        "{{policies}}" + get("a"),
        "%{ if x }" + put("b") + "%{ endif }" + get("a"),
        "<!-- " + get("a") + " -->",
        "<set-variable" + get("a"),
    ],
)
def test_what_is_set_or_may_be(policies_: str) -> None:
    check(inbound(policies_), select=ONLY)


def test_where_in_the_document_it_is_set_does_not_matter() -> None:
    text = f"<policies><inbound>{get('a')}</inbound><outbound>{put('a')}</outbound></policies>"
    check(text, select=ONLY)


def test_fragments_and_resolvers_get_variables_from_elsewhere() -> None:
    check(f"<fragment>{get('a')}</fragment>", select=ONLY)
    check(
        '<http-data-source><http-request><set-method>GET</set-method><set-url>@((string)context.Variables["a"])'
        "</set-url></http-request></http-data-source>",
        select=ONLY,
    )


@pytest.mark.parametrize(
    "files",
    [
        layers(operation=READ),
        layers(api=READ),
        layers(operation=COMMON + READ, fragment=put("b")),
        layers(operation=READ, api=put("b"), everywhere=put("c")),
        {**layers(), OPERATION: policies(READ, base=False), API: policies(put("a"), base=False)},
        {OPERATION: policies(READ, base=False)},
    ],
)
def test_a_warning_where_all_that_runs_is_known(files: dict[str, str]) -> None:
    finding = check(files, select=ONLY).the("REF004")
    assert finding.severity is Severity.WARNING
    assert finding.message == (
        'Nothing that runs for this call sets the variable "a", so reading it fails.'
        " Set it before, or read it with GetValueOrDefault."
    )


@pytest.mark.parametrize(
    "files",
    [
        layers(operation=READ, everywhere=None),
        layers(everywhere=READ),
        {API: policies(READ)},
    ],
)
def test_information_where_another_scope_may_set_it(files: dict[str, str]) -> None:
    finding = check(files, select=ONLY).the("REF004")
    assert finding.severity is Severity.INFO
    assert "Unless another policy of the call does" in finding.message


@pytest.mark.parametrize(
    "files",
    [
        layers(operation=get("a"), api=put("a")),
        layers(operation=get("a"), everywhere=put("a")),
        layers(operation=COMMON + get("a"), fragment=put("a")),
        layers(operation=get("a"), api=COMMON, fragment=put("a")),
        layers(api=get("a"), operation=put("a")),
        layers(everywhere=get("a"), api=put("a")),
        layers(everywhere=get("a"), operation=COMMON, fragment=put("a")),
        layers(operation=get("a"), api=put("{{name}}")),
        layers(operation=get("a"), everywhere='<include-fragment fragment-id="unknown" />'),
        layers(fragment=get("a"), operation=COMMON),
        {
            **layers(operation=get("a")),
            "products/gold/productInformation.json": "{}",
            "products/gold/policy.xml": policies(put("a")),
            "products/gold/apis/orders/productApiInformation.json": "{}",
            "products/gold/apis.json": '[{"name": "orders"}]',
        },
    ],
)
def test_what_another_document_sets(files: dict[str, str]) -> None:
    check(files, select=ONLY)


def test_another_apis_policy_sets_nothing_here() -> None:
    other = {
        "apis/other/apiInformation.json": "{}",
        "apis/other/policy.xml": policies(put("a")),
    }
    check({**layers(operation=READ), **other}, select=ONLY)


def test_an_outer_scope_that_is_not_inherited_sets_nothing() -> None:
    files = layers(operation=READ, everywhere=put("a"))
    files[API] = policies("", base=False)
    assert check(files, select=ONLY).the("REF004").severity is Severity.WARNING


def test_one_finding_for_a_name() -> None:
    finding = check(inbound(READ + get("a")), select=ONLY).the("REF004")
    assert [related.message for related in finding.related] == ["It is read here too."]


def test_the_nearest_name_is_proposed_and_written() -> None:
    text = inbound(put("customer") + get("costumer", mark="REF004"))
    assert message(text, ONLY).endswith('Did you mean "customer"?')
    assert mended(text, ONLY) == inbound(put("customer") + get("customer"))


def test_the_nearest_name_may_stand_in_another_document() -> None:
    files = layers(api=put("customer"), operation=get("costumer", mark="REF004"))
    linted = check(files, select=ONLY)
    assert linted.after(linted.the("REF004").fixes[0])[OPERATION] == policies(get("customer"))


def test_all_reads_are_renamed_together() -> None:
    text = inbound(put("customer") + get("costumer", mark="REF004") + get("costumer"))
    assert mended(text, ONLY) == inbound(put("customer") + get("customer") * 2)


def test_a_name_that_no_literal_holds_is_left_to_the_author() -> None:
    text = inbound(put("customer") + '<set-body>@(context.Variables[{|REF004:"costu" + "mer"|}])</set-body>')
    assert not check(text, select=ONLY).the("REF004").fixes


def test_a_difference_in_case_is_another_rules() -> None:
    check(outbound(put("userId") + get("userid")), select=ONLY)


def test_the_global_policy_is_not_its_own_outer_scope() -> None:
    assert check({GLOBAL: policies(READ)}, select=ONLY).codes() == {"REF004": 1}
