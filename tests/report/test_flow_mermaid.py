"""Pictures of headers as Mermaid flowcharts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypothesis import example, given
from hypothesis import strategies as st

from apim_policy.report.flow_mermaid import render
from apim_policy.report.style import printable
from support.flows import FOLDER, drawn, specimen
from support.mcp import look, put, workspace

if TYPE_CHECKING:
    from pathlib import Path

_LABEL = re.compile(r'"([^"\n]*)"')


def test_a_lost_header(tmp_path: Path) -> None:
    root = tmp_path.resolve()
    lines = render(drawn(root, workspace(put("X-User", "a"), look("X-User"))), root).splitlines()
    assert lines[:12] == [
        "flowchart LR",
        '    subgraph s0w0["orders-mcp: orders-api/list-orders to orders-api"]',
        "    direction LR",
        '        subgraph s0w0l0["client"]',
        '            s0w0h1c(["Ocp-Apim-Subscription-Key"]):::client',
        "        end",
        '        subgraph s0w0l1["MCP server orders-mcp"]',
        '            s0w0h0e0["X-User<br/>set<br/>apis/orders-mcp/policy.xml:3"]:::set',
        "        end",
        '        subgraph s0w0l2["header boundary"]',
        '            s0w0h0e1{{"X-User<br/>stopped<br/>apis/orders-mcp/policy.xml:3"}}:::problem',
        '            s0w0h1e0["Ocp-Apim-Subscription-Key<br/>forwarded"]:::forwarded',
    ]
    edges = [line.strip() for line in lines if " --" in line or " -." in line]
    assert edges == [
        "s0w0h0e0 --x s0w0h0e1",
        "s0w0h1c -.-> s0w0h1e0",
        "s0w0h1e0 -.-> s0w0h1e1",
    ]


def test_every_box_is_closed(tmp_path: Path) -> None:
    root = tmp_path.resolve()
    lines = [line.strip() for line in render(drawn(root, workspace(put("X-User", "a"))), root).splitlines()]
    assert sum(line.startswith("subgraph ") for line in lines) == lines.count("end") > 0


def test_no_servers() -> None:
    assert render([], FOLDER) == 'flowchart LR\n    none["There are no MCP servers in this folder."]\n'


@given(st.text(min_size=1, max_size=60))
@example('"]; click x "javascript:alert(1)"')
@example("#quot;<img src=x>`**bold**`")
@example("1. one")
@example("style x fill:#f00")
@example("- one\n%% comment")
def test_no_name_ends_its_label(name: str) -> None:
    text = render([specimen(name)], FOLDER)
    plain = render([specimen("x")], FOLDER)
    assert _LABEL.sub('""', text) == _LABEL.sub('""', plain)
    for label in _LABEL.findall(text):
        assert re.fullmatch(r"(?:[A-Za-z0-9 ._,:/-]|#\d+;|<br/>)*", label)
        assert not re.search(r"[.-] ", label)
        # After the word "style" such a colon would cost the number after it its end.
        assert not re.search(r":\S*#", label)


@given(st.text(min_size=1, max_size=60))
def test_a_name_reads_as_it_was_written(name: str) -> None:
    labels = _LABEL.findall(render([specimen(name)], FOLDER))
    read = [re.sub(r"#(\d+);", lambda match: chr(int(match[1])), label) for label in labels]
    assert printable(name) in {label.partition("<br/>")[0] for label in read}
