"""Pictures of headers in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apim_policy.report.flow_text import render
from apim_policy.report.style import PLAIN, Style, without_escapes
from support.flows import FOLDER, drawn, specimen
from support.mcp import AUTOMATIC, KEY, look, policy, put, restoring, sending, workspace

if TYPE_CHECKING:
    from pathlib import Path


def test_a_lost_header(tmp_path: Path) -> None:
    root = tmp_path.resolve()
    files = workspace("<base />\n" + look("X-User") + put("X-User", "a"), "<base />\n" + look("X-User"))
    files["policy.xml"] = policy(put("X-Id", "1", "skip"))
    assert render(drawn(root, files), root, PLAIN) == (
        """\
orders-mcp  REST-backed MCP server, apis/orders-mcp/policy.xml
  Lost on the way: X-User.
  Drawn for a gateway from before the update of November 2025, which passes one request header to
  the APIs behind the tools: Ocp-Apim-Subscription-Key. Gateways with the update forward headers;
  apim-policy.toml does not say which yours is (gateway.mcp-header-forwarding).

  orders-api/list-orders → orders-api

                               client     all      server        all       API     backend
  X-User                          ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌○╌╌╌╌◆━━×║               ○
  X-Id                            ╌╌╌╌╌╌╌╌╌●━━━━━━━━━━━━━━━×║     ●━━━━━━━━━━━━━━━━━━━━►
  Ocp-Apim-Subscription-Key       ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌►╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌►

  X-User stops at the boundary, and orders-api looks for it in vain
    MCP server  read       apis/orders-mcp/policy.xml:4:44  set-variable
    MCP server  changed    apis/orders-mcp/policy.xml:5:9  set-header, from a literal
    boundary    stopped    apis/orders-mcp/policy.xml:5:9
    API         read       apis/orders-api/policy.xml:4:44  set-variable, finds nothing

  X-Id reaches the backend, set again after the boundary
    all APIs  set        policy.xml:3:9  set-header, from a literal, depends on the request
    boundary  stopped    policy.xml:3:9
    all APIs  set        policy.xml:3:9  set-header, from a literal

  Ocp-Apim-Subscription-Key reaches the backend where it is there

● set   ◆ changed   ○ read   × deleted or stopped   » relayed   ► forwarded   ║ boundary
━ set by a policy   ╍ may be set   ╌ from the client, if it sends it   ┈ not known
"""
    )


def test_what_was_said_of_one_way_is_not_said_again(tmp_path: Path) -> None:
    root = tmp_path.resolve()
    files = workspace(
        put("X-User", "a"), "<base />\n" + look("X-User"), tools=("orders-api/a", "orders-api/b")
    )
    files["apis/orders-api/operations/a/policy.xml"] = policy("<base />\n" + put("X-Op", "1"))
    text = render(drawn(root, files), root, PLAIN)
    assert text.count("X-User stops at the boundary") == 1
    assert "  As above: X-User, Ocp-Apim-Subscription-Key." in text.splitlines()


def test_a_gateway_that_forwards(tmp_path: Path) -> None:
    root = tmp_path.resolve()
    text = render(drawn(root, workspace(put("X-User", "a"), settings=AUTOMATIC)), root, PLAIN)
    assert "No header is lost." in text
    assert "X-User reaches the backend" in text


@pytest.mark.parametrize(
    ("server", "api", "sentence"),
    [
        (put("X-A", "1"), "", "X-A stops at the boundary"),
        (put("X-A", "1"), put("X-A", "2"), "X-A stops at the boundary, set again after the boundary"),
        ("", look("X-A"), "X-A stops at the boundary, and orders-api looks for it in vain"),
        (
            put("X-A", "", "delete"),
            look("X-A"),
            "X-A is deleted before the boundary, and orders-api looks for it in vain",
        ),
        (put("X-A", "1") + sending("X-A"), restoring("X-A"), f"X-A crosses the boundary in {KEY}"),
        (look("X-A") + put("X-A", "", "delete"), "", "X-A does not reach the backend"),
        (
            '<include-fragment fragment-id="gone" />',
            "",
            f"{KEY} may reach the backend: not all that runs is known",
        ),
    ],
)
def test_what_becomes_of_a_header(tmp_path: Path, server: str, api: str, sentence: str) -> None:
    root = tmp_path.resolve()
    assert f"  {sentence}" in render(drawn(root, workspace(server, api)), root, PLAIN).splitlines()


def test_colour_changes_no_letter(tmp_path: Path) -> None:
    root = tmp_path.resolve()
    found = drawn(root, workspace(put("X-User", "a"), look("X-User")))
    coloured = render(found, root, Style(colour=True))
    assert "\x1b[1;31m" in coloured
    assert without_escapes(coloured) == render(found, root, PLAIN)


def test_signs_that_every_console_has(tmp_path: Path) -> None:
    root = tmp_path.resolve()
    render(drawn(root, workspace(put("X-User", "a"))), root, PLAIN, ascii_only=True).encode("ascii")


def test_many_layers_and_looks_still_fit(tmp_path: Path) -> None:
    root = tmp_path.resolve()
    name = "X-Originating-Department-Identifier"
    files = workspace(
        "<base />\n" + look(name) * 9,
        put("X-Early", "1") + "<base />\n" + look(name) * 9,
        tools=("orders-api/a",),
    )
    files["policy.xml"] = policy(look(name) * 9)
    files["apis/orders-api/operations/a/policy.xml"] = policy("<base />\n" + look(name) * 9, put("X-B", "1"))
    text = render(drawn(root, files), root, PLAIN)
    assert max(map(len, text.splitlines())) <= 100


def test_no_servers() -> None:
    assert render([], FOLDER, PLAIN) == "There are no MCP servers in this folder.\n"


@given(st.text(max_size=200))
def test_no_name_steers_the_terminal(name: str) -> None:
    text = render([specimen(name)], FOLDER, PLAIN)
    assert not {char for char in text if ord(char) < 32 and char != "\n"}
    assert not set("\x7f\x9b\u202e\u2028") & set(text)
