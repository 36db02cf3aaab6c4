"""Policies that the configured gateway lacks."""

from __future__ import annotations

import pytest

from support.policies import inbound, message
from support.workspaces import check

ONLY = ["SCP003"]

LIMIT = '<rate-limit-by-key calls="1" renewal-period="60" counter-key="a" />'


def on(gateway: str, policies: str) -> dict[str, str]:
    return {"apim-policy.toml": f'[gateway]\ntype = "{gateway}"\n', "policy.xml": inbound(policies)}


def test_the_gateway_lacks_it() -> None:
    text = on("consumption", LIMIT.replace("rate-limit-by-key", "{|SCP003:rate-limit-by-key|}"))
    assert message(text, ONLY) == (
        "rate-limit-by-key does not run on the consumption gateway, only on classic, v2, self-hosted and workspace."
    )


@pytest.mark.parametrize("files", [on("v2", LIMIT), {"policy.xml": inbound(LIMIT)}, on("v2", "<block />")])
def test_it_runs_or_nobody_says(files: dict[str, str]) -> None:
    check(files, select=ONLY)
