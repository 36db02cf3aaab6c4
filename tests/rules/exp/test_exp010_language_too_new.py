"""C# that is newer than the service compiles."""

from __future__ import annotations

import pytest

from support.policies import inbound, message
from support.workspaces import check

ONLY = ["EXP010"]


@pytest.mark.parametrize(
    "policies",
    [
        '<trace source="@(a is {|EXP010:not null|})" />',
        "<set-body>@{ {|EXP010:a ??= 1|}; return b[{|EXP010:^1|}]; }</set-body>",
        '<trace source="@(&quot;é&quot; + a[{|EXP010:1..2|}])" />',
        '<trace source="@(a is string s ? s : b ?? throw new Exception())" />',
        "<set-body>@{ int F(int x) => x; return F(1); }</set-body>",
    ],
)
def test_places(policies: str) -> None:
    check(inbound(policies), select=ONLY)


def test_message() -> None:
    assert message(inbound('<trace source="@(a is {|EXP010:not null|})" />'), ONLY) == (
        'A pattern with "not" needs C# 9, and expressions are C# 7. Write "!(… is …)" or "!=".'
    )
