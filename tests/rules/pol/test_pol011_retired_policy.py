"""Policies that are retired."""

from __future__ import annotations

import pytest

from support.policies import inbound, outbound
from support.workspaces import check, lint

ONLY = ["POL011"]

RETIRED = '<set-graphql-resolver parent-type="Query" field="a"><http-data-source /></set-graphql-resolver>'


@pytest.mark.parametrize("text", [outbound(RETIRED), f"<fragment>{RETIRED}</fragment>"])
def test_retired(text: str) -> None:
    finding = lint(text, select=ONLY).the("POL011")
    assert finding.message == "set-graphql-resolver is retired. Use http-data-source instead."
    assert [tag.value for tag in finding.tags] == ["deprecated"]


def test_in_use() -> None:
    check(inbound("<set-method>GET</set-method>"), select=ONLY)
