"""Backends that the service does not have."""

from __future__ import annotations

import pytest

from apim_policy.rules.model import Severity
from support.layers import OPERATION, layers, policies
from support.policies import inbound
from support.resources import described
from support.workspaces import check

ONLY = ["REF003"]


def listed(operation: str) -> dict[str, str]:
    return {**layers(operation=operation), **described("backend", "orders", "embeddings-pool")}


def to(name: str) -> str:
    return f'<set-backend-service backend-id="{name}" />'


def test_a_misspelled_name() -> None:
    linted = check(listed(to("{|REF003:ordres|}")), ONLY)
    finding = linted.the("REF003")
    assert finding.severity is Severity.WARNING
    assert finding.message == 'There is no backend "ordres" in "backends". Did you mean "orders"?'
    assert linted.after(finding.fixes[0])[OPERATION] == policies(to("orders"))


@pytest.mark.parametrize(
    "policy",
    [
        '<llm-content-safety backend-id="{|REF003:zzz|}" />',
        '<llm-semantic-cache-lookup score-threshold="0.5" embeddings-backend-id="{|REF003:zzz|}" '
        'embeddings-backend-auth="system-assigned" />',
    ],
)
def test_other_policies_that_name_a_backend(policy: str) -> None:
    check(listed(policy), ONLY)


@pytest.mark.parametrize(
    "name", ["orders", "Orders", "@(context.Api.Id)", "{{backend}}", "${backend}", "a-${env}", ""]
)
def test_names_that_exist_or_are_not_known(name: str) -> None:
    check(listed(to(name)), ONLY)


def test_nothing_without_a_list_of_backends() -> None:
    check(inbound(to("zzz")), ONLY)
    check(
        {**layers(operation=to("zzz")), "backends/orders/Program.cs": "// a service, not its description"},
        ONLY,
    )
