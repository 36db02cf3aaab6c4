"""The effective policy as a document and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apim_policy.flow.effective import effective
from apim_policy.report.effective import lines_of, render, text_of
from apim_policy.report.style import PLAIN, Style, without_escapes
from apim_policy.syntax.parser import parse
from support.layers import API, COMMON, FRAGMENT, OPERATION, layers
from support.workspaces import LONE_FILE, open_workspace, write_files

if TYPE_CHECKING:
    from pathlib import Path

    from apim_policy.flow.effective import Effective

OWN = """<policies>
  <inbound>
    <base />
    <choose>
      <when condition="@(true)">
        <include-fragment fragment-id="common" />
      </when>
    </choose>
    <include-fragment fragment-id="gone" />
  </inbound>
  <backend><base /></backend>
  <outbound><base /></outbound>
  <on-error><base /></on-error>
</policies>
"""
SHARED = """<fragment>
\t<set-body>@{
\t\treturn "a";

\t}</set-body>
</fragment>
"""
FILES = {**layers(everywhere='<set-variable name="a" value="1" />'), OPERATION: OWN, FRAGMENT: SHARED}
TEXT = f"""\
<!-- Effective policy: operation "get-order" of the API "orders" -->
<policies>
    <inbound>
        <!-- policy.xml:1: policy of all APIs, brought in at {API}:1 -->
        <set-variable name="a" value="1" />
        <!-- {OPERATION}:4: operation "get-order" of the API "orders" -->
        <choose>
            <when condition="@(true)">
                <!-- {FRAGMENT}:2: fragment "common", included at {OPERATION}:6 -->
                <set-body>@{{
                    return "a";

                }}</set-body>
            </when>
        </choose>
        <!-- {OPERATION}:9: the fragment "gone" is not in the workspace -->
        <!-- {OPERATION}:9: operation "get-order" of the API "orders" -->
        <include-fragment fragment-id="gone" />
    </inbound>
    <backend>
        <!-- policy.xml:1: the policy of all APIs has nothing here -->
    </backend>
    <outbound>
        <!-- policy.xml:1: the policy of all APIs has nothing here -->
    </outbound>
    <on-error>
        <!-- policy.xml:1: the policy of all APIs has nothing here -->
    </on-error>
</policies>
"""


def found(folder: Path, files: dict[str, str], name: str = OPERATION) -> Effective:
    root = write_files(folder.resolve(), files)
    result = effective(open_workspace(root).around(root / name), root / name)
    assert result is not None
    return result


def test_one_document_whose_comments_say_where_each_part_comes_from(tmp_path: Path) -> None:
    assert render(found(tmp_path, FILES), tmp_path.resolve(), PLAIN) == TEXT


def test_it_is_sound(tmp_path: Path) -> None:
    assert not parse(text_of(lines_of(found(tmp_path, FILES), tmp_path.resolve()))).faults


def test_colour_changes_no_character(tmp_path: Path) -> None:
    painted = render(found(tmp_path, FILES), tmp_path.resolve(), Style(colour=True))
    assert without_escapes(painted) == TEXT
    assert "\x1b[33m        <!-- " in painted


@pytest.mark.parametrize("name", ["a--b", "-->"])
def test_a_name_cannot_end_a_comment(tmp_path: Path, name: str) -> None:
    files = layers(operation=COMMON.replace("common", name))
    files[f"policy fragments/{name}/policy.xml"] = "<fragment><set-status code='1' reason='a' /></fragment>"
    text = render(found(tmp_path, files), tmp_path.resolve(), PLAIN)
    assert not parse(text).faults
    assert "set-status" in text


def test_nothing_steers_the_terminal(tmp_path: Path) -> None:
    files = {LONE_FILE: "<policies><inbound><set-body>\x1b[2J</set-body></inbound></policies>"}
    assert "\x1b" not in render(found(tmp_path, files, LONE_FILE), tmp_path.resolve(), PLAIN)


def test_what_is_only_assumed_or_not_known_is_said(tmp_path: Path) -> None:
    files = {"a/mcp-server.xml": "<policies />", "b/x.xml": "<policies />"}
    for name, said in zip(files, ["as its path suggests", "nothing says more about"], strict=True):
        head = render(found(tmp_path, files, name), tmp_path.resolve(), PLAIN).splitlines()[0]
        assert said in head


def test_a_file_that_serves_several_is_named_for_all(tmp_path: Path) -> None:
    files = {
        "apim-policy.toml": "".join(
            f'[[document]]\npath = "shared.xml"\nscope = "api"\napi = "{name}"\n' for name in ("a", "b")
        ),
        "shared.xml": "<policies />",
    }
    lines = render(found(tmp_path, files, "shared.xml"), tmp_path.resolve(), PLAIN).splitlines()
    assert lines[0] == '<!-- Effective policy: API "a" -->'
    assert lines[1] == '<!-- The same file is also: API "b"; more may stand around that -->'


def test_deep_parts_do_not_wander_to_the_right_without_end(tmp_path: Path) -> None:
    deep = '<choose><when condition="@(true)">' * 500 + COMMON + "</when></choose>" * 500
    text = render(found(tmp_path, layers(operation=deep)), tmp_path.resolve(), PLAIN)
    assert max(map(len, text.splitlines())) < 300
