"""Loggers and schemas that the service does not have."""

from __future__ import annotations

import pytest

from apim_policy.rules.model import Severity
from support.layers import layers
from support.policies import inbound
from support.resources import described
from support.workspaces import check

ONLY = ["REF008"]


def listed(operation: str) -> dict[str, str]:
    return {**layers(operation=operation), **described("logger", "event-hub"), **described("schema", "order")}


def log(name: str) -> str:
    return f'<log-to-eventhub logger-id="{name}">x</log-to-eventhub>'


def validate(name: str) -> str:
    return (
        '<validate-content unspecified-content-type-action="prevent" max-size="1" size-exceeded-action="prevent">'
        f'<content type="application/json" validate-as="json" action="prevent" schema-id="{name}" /></validate-content>'
    )


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        (
            log("{|REF008:event-hubb|}"),
            'There is no logger "event-hubb" in "loggers". Did you mean "event-hub"?',
        ),
        (
            validate("{|REF008:customer|}"),
            'There is no schema "customer" in "schemas". Correct the name, or add it there before this is deployed.',
        ),
    ],
)
def test_unknown_names(policy: str, message: str) -> None:
    finding = check(listed(policy), ONLY).the("REF008")
    assert finding.severity is Severity.WARNING
    assert finding.message == message


@pytest.mark.parametrize("policy", [log("event-hub"), log("${logger}"), log("{{logger}}"), validate("Order")])
def test_names_that_exist_or_are_not_known(policy: str) -> None:
    check(listed(policy), ONLY)


def test_nothing_without_a_list() -> None:
    check(inbound(log("zzz") + validate("zzz")), ONLY)
    check({**layers(operation=log("zzz") + validate("zzz")), **described("backend", "orders")}, ONLY)
