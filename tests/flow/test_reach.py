"""Which documents run in the same calls as one, and whether all of them are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apim_policy.flow.reach import Reach, includers
from support.layers import API, COMMON, FRAGMENT, GLOBAL, OPERATION, get, layers, policies, put
from support.workspaces import LONE_FILE, open_workspace, write_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

GOLD = "products/gold/policy.xml"
PRODUCT = {
    GOLD: policies(""),
    "products/gold/productInformation.json": "{}",
    "products/gold/apis.json": '[{"name": "orders"}]',
}
TOOLS = "apis/orders-mcp/policy.xml"
SERVER = {TOOLS: policies(""), "apis/orders-mcp/apiInformation.json": '{"properties": {"type": "mcp"}}'}


def reach(folder: Path, files: Mapping[str, str], name: str) -> Reach:
    workspace = open_workspace(write_files(folder, files))
    return Reach(workspace.around(folder / name), folder / name)


def shown(folder: Path, found: Reach) -> list[str]:
    return [source.path.relative_to(folder).as_posix() for source in found.sources]


@pytest.mark.parametrize(
    ("files", "name", "expected"),
    [
        (layers(), OPERATION, [OPERATION, API, GLOBAL]),
        (layers(operation=COMMON), OPERATION, [OPERATION, FRAGMENT, API, GLOBAL]),
        (layers(api=COMMON), OPERATION, [OPERATION, API, FRAGMENT, GLOBAL]),
        (layers(operation=COMMON, api=COMMON), OPERATION, [OPERATION, FRAGMENT, API, GLOBAL]),
        (layers(), API, [API, GLOBAL, OPERATION]),
        (layers(), GLOBAL, [GLOBAL, OPERATION, API]),
        (layers(), FRAGMENT, [FRAGMENT]),
        ({**layers(), **PRODUCT}, OPERATION, [OPERATION, API, GOLD, GLOBAL]),
        ({**layers(), **PRODUCT}, GOLD, [GOLD, GLOBAL, OPERATION, API]),
        ({**layers(), OPERATION: policies("", base=False)}, OPERATION, [OPERATION]),
        ({**layers(), API: policies("", base=False)}, OPERATION, [OPERATION, API]),
        ({**layers(), OPERATION: "<policies><inbound /></policies>"}, OPERATION, [OPERATION, API, GLOBAL]),
        ({**layers(), **SERVER}, TOOLS, [TOOLS, GLOBAL]),
        ({LONE_FILE: policies("")}, LONE_FILE, [LONE_FILE]),
    ],
)
def test_who_takes_part(files: dict[str, str], name: str, expected: list[str], tmp_path: Path) -> None:
    assert shown(tmp_path, reach(tmp_path, files, name)) == expected


@pytest.mark.parametrize(
    ("files", "name", "outer", "inner"),
    [
        (layers(), OPERATION, True, True),
        (layers(), API, True, True),
        (layers(), GLOBAL, True, False),
        ({**layers(), **SERVER}, TOOLS, True, True),
        (layers(everywhere=None), OPERATION, False, True),
        (layers(everywhere=None), API, False, True),
        ({**layers(), **PRODUCT}, GOLD, True, False),
        ({OPERATION: policies("")}, OPERATION, False, True),
        ({OPERATION: policies("", base=False)}, OPERATION, True, True),
        ({"a.xml": policies("")}, "a.xml", False, False),
        ({"a.xml": policies("", base=False)}, "a.xml", True, False),
    ],
)
def test_whether_all_scopes_are_known(
    files: dict[str, str], name: str, outer: bool, inner: bool, tmp_path: Path
) -> None:
    found = reach(tmp_path, files, name)
    assert (found.outer_known, found.inner_known) == (outer, inner)


@pytest.mark.parametrize(
    ("files", "complete"),
    [
        (layers(operation=COMMON), True),
        (layers(operation='<include-fragment fragment-id="unknown" />'), False),
        (layers(api='<include-fragment fragment-id="{{name}}" />'), False),
        (layers(everywhere="{{policies}}"), False),
        (layers(operation=COMMON, fragment="<set-variable"), False),
        (layers(fragment="<set-variable"), True),
        ({**layers(operation=COMMON), FRAGMENT: b"\xff\xfe\xff".decode("latin-1")}, False),
    ],
)
def test_whether_the_texts_hold_all_that_runs(files: dict[str, str], complete: bool, tmp_path: Path) -> None:
    assert reach(tmp_path, files, OPERATION).names.complete is complete


def test_names_of_all_documents(tmp_path: Path) -> None:
    files = layers(
        everywhere=put("a") + "<set-body>@(context.Variables.Keys)</set-body>",
        api=put("{{b}}"),
        operation=get("c") + COMMON,
        fragment='<set-body>@(context.Variables.ContainsKey("d"))</set-body>',
    )
    names = reach(tmp_path, files, OPERATION).names
    assert names.set == {"a"}
    assert names.used == {"c", "d"}
    assert names.tested == {"d"}
    assert (names.any_set, names.any_used) == (True, True)


def test_a_fragment_that_includes_itself_ends(tmp_path: Path) -> None:
    found = reach(tmp_path, layers(operation=COMMON, fragment=COMMON), OPERATION)
    assert shown(tmp_path, found) == [OPERATION, FRAGMENT, API, GLOBAL]


def test_who_includes_a_fragment(tmp_path: Path) -> None:
    files = {
        **layers(api=COMMON, operation='<include-fragment fragment-id="other" />'),
        "apis/other/policy.xml": policies(COMMON),
        "apis/none/policy.xml": policies("<!-- common -->"),
    }
    workspace = open_workspace(write_files(tmp_path, files))
    found = includers(workspace, tmp_path / FRAGMENT)
    assert [path.relative_to(tmp_path).as_posix() for path in found] == [API, "apis/other/policy.xml"]
    assert includers(workspace, tmp_path / API) == []
