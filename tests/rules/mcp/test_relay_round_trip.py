"""A relay that is applied and taken out again leaves every file as it was, whatever its layout."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.mcp import API, AUTOMATIC, SERVER, get, look, put, workspace
from support.workspaces import lint

PIECES = st.sampled_from(
    [
        "<base />",
        "<!-- a comment -->",
        "",
        look("X-User").strip(),
        look("X-Other").strip(),
        '<include-fragment fragment-id="ask" />',
        "<cors>\n    <allowed-origins>\n        <origin>https://a.example</origin>\n    </allowed-origins>\n</cors>",
        '<set-backend-service backend-id="b" /> <!-- there -->',
        f'<choose>\n    <when condition="@(true)">\n        {look("X-User").strip()}\n    </when>\n</choose>',
        '<set-variable name="v" value="@(context.Request.Headers[&quot;X-User&quot;][0])" />',
    ]
)
SENDING = st.sampled_from(
    [
        put("X-User", "a").strip(),
        put("X-User", get("X-Other"), action="append").strip(),
        f'<choose>\n    <when condition="@(true)">\n{put("X-User", "a")}    </when>\n</choose>',
    ]
)


@st.composite
def documents(draw: st.DrawFn, pieces: list[str]) -> str:
    unit = draw(st.sampled_from(["    ", "  ", "\t", ""]))
    depth = draw(st.sampled_from([0, 1, 2]))
    lines = [line for piece in pieces for line in piece.split("\n")]
    inbound = "".join(f"{unit * depth}{line}".rstrip() + "\n" for line in lines)
    end = draw(st.sampled_from(["\n", "\r\n"]))
    outer = unit * max(depth - 1, 0)
    comment = draw(st.sampled_from(["", "<!-- generated -->\n", '<?xml version="1.0"?>\n']))
    text = f"{comment}<policies>\n{outer}<inbound>\n{inbound}{outer}</inbound>\n</policies>\n"
    return text.replace("\n", end)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_round_trip(data: st.DataObject) -> None:
    server = data.draw(
        documents(
            [
                *data.draw(st.lists(PIECES, max_size=3)),
                data.draw(SENDING),
                *data.draw(st.lists(PIECES, max_size=2)),
            ]
        )
    )
    api = data.draw(documents(data.draw(st.lists(PIECES, max_size=5)) or ["<base />"]))
    files = workspace() | {
        SERVER: server,
        API: api,
        "policy fragments/ask/policy.xml": f"<fragment>{look('X-User')}</fragment>",
    }
    plain = lint(files, select=["MCP", "XML"])
    assert not [item for item in plain.all if item.code.startswith("XML")]
    finding = plain.the("MCP001")
    relayed = plain.after(finding.fixes[0])

    left = lint(relayed, select=["MCP", "XML"]).all
    assert not [item for item in left if item.code.startswith("XML") or 'brings "X-User"' in item.message]
    assert not [item for item in left if item.code in ("MCP001", "MCP003", "MCP005")]
    for name in (SERVER, API):
        assert ("\r\n" in relayed[name]) == ("\r\n" in files[name])
        assert "\n" not in relayed[name].replace("\r\n", "") or "\r\n" not in files[name]

    forwarding = {"apim-policy.toml": AUTOMATIC}
    obsolete = lint(relayed | forwarding, select=["MCP006"])
    assert obsolete.after(obsolete.the("MCP006").fixes[0]) == plain.files | forwarding
