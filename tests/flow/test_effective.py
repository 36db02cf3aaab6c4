"""The policy that runs at the scope of a document, spliced from the policies around it and from fragments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apim_policy.flow.effective import Effective, PartKind, effective
from support.layers import API, COMMON, FRAGMENT, GLOBAL, OPERATION, layers, policies
from support.workspaces import LONE_FILE, open_workspace, write_files

if TYPE_CHECKING:
    from pathlib import Path

EMPTY = "<policies><inbound><base /></inbound></policies>"


def put(name: str) -> str:
    return f'<set-variable name="{name}" value="1" />'


def found(folder: Path, files: dict[str, str] | str, name: str = OPERATION) -> Effective:
    given = {LONE_FILE: files} if isinstance(files, str) else files
    root = write_files(folder.resolve(), given)
    path = root / (LONE_FILE if isinstance(files, str) else name)
    result = effective(open_workspace(root).around(path), path)
    assert result is not None
    return result


def inbound(policy: Effective) -> list[str]:
    """What stands in ``inbound``: texts with whose they are, what is told in brackets."""
    shown = []
    for part in policy.parts:
        if part.section == "inbound" and part.depth > 1:
            name = part.text.split('"')[1] if part.text.startswith("<set-variable") else part.text
            shown.append(f"[{part.text}]" if part.told else f"{part.frame.what}: {name}")
    return shown


def test_base_and_fragments_are_spliced_in_where_they_stand(tmp_path: Path) -> None:
    files = layers(
        everywhere=put("a"), api=put("b") + COMMON, operation=put("c"), fragment=put("d") + "<!-- why -->"
    )
    policy = found(tmp_path, files)
    assert inbound(policy) == [
        "policy of all APIs: a",
        'API "orders": b',
        'fragment "common": d',
        'fragment "common": <!-- why -->',
        'operation "get-order" of the API "orders": c',
    ]
    assert policy.complete
    assert policy.what == 'operation "get-order" of the API "orders"'


def test_each_part_knows_where_it_stands(tmp_path: Path) -> None:
    policy = found(tmp_path, layers(api=put("b"), operation=COMMON, fragment=put("d")))
    for part in policy.parts:
        if not part.told and part.span.end and part.section and part.depth > 1:
            assert part.frame.document.slice(part.span) == part.text
    last = next(part for part in policy.parts if '"d"' in part.text)
    assert [frame.path.relative_to(tmp_path.resolve()).as_posix() for frame in last.frame.chain()] == [
        FRAGMENT,
        OPERATION,
    ]


def test_policies_around_what_is_spliced_in_keep_their_tags(tmp_path: Path) -> None:
    choose = f'<choose><when condition="@(true)">{COMMON}</when><otherwise>{put("o")}</otherwise></choose>'
    policy = found(tmp_path, layers(operation=choose, fragment=put("d")))
    who = 'operation "get-order" of the API "orders"'
    assert inbound(policy)[1:] == [
        f"{who}: <choose>",
        f'{who}: <when condition="@(true)">',
        'fragment "common": d',
        f"{who}: </when>",
        f"{who}: <otherwise>{put('o')}</otherwise>",
        f"{who}: </choose>",
    ]


def test_what_has_nothing_to_splice_stays_in_one_piece(tmp_path: Path) -> None:
    choose = f'<choose><when condition="@(a < b)">{put("o")}</when></choose>'
    policy = found(tmp_path, layers(operation=choose + "text"))
    assert inbound(policy)[-2:] == [
        f'operation "get-order" of the API "orders": {choose}',
        'operation "get-order" of the API "orders": text',
    ]


def test_scopes_that_are_not_in_the_workspace_are_told(tmp_path: Path) -> None:
    files = layers(everywhere=None, operation=put("c"))
    del files[API]
    policy = found(tmp_path, files)
    assert inbound(policy) == [
        '[the workspace holds no policy of the API "orders", so what that does is not known]',
        "[the workspace holds no policy of all APIs, so what that does is not known]",
        'operation "get-order" of the API "orders": c',
    ]
    assert not policy.complete


def test_without_base_nothing_around_it_runs(tmp_path: Path) -> None:
    files = {**layers(api=put("b")), OPERATION: policies(put("c"), base=False)}
    assert inbound(found(tmp_path, files)) == ['operation "get-order" of the API "orders": c']


def test_a_missing_section_stands_for_base(tmp_path: Path) -> None:
    files = {**layers(everywhere=put("a")), OPERATION: "<policies />", API: "<policies />"}
    assert inbound(found(tmp_path, files)) == [
        '[the operation "get-order" of the API "orders" has no inbound, which stands for its base]',
        '[the API "orders" has no inbound, which stands for its base]',
        "policy of all APIs: a",
    ]


def test_a_scope_that_brings_nothing_is_told(tmp_path: Path) -> None:
    files = layers(everywhere="", api="", operation="")
    assert inbound(found(tmp_path, files)) == ["[the policy of all APIs has nothing here]"]


@pytest.mark.parametrize(
    ("files", "name", "expected"),
    [
        (
            layers(everywhere="<base />"),
            GLOBAL,
            "nothing is around the policy of all APIs, so base stands for nothing",
        ),
        (layers(operation=COMMON, fragment="<base />"), OPERATION, "in a fragment, base stands for nothing"),
        (layers(operation="<base />"), OPERATION, "base stands here a second time"),
        (layers(operation=COMMON), OPERATION, 'the fragment "common" is empty'),
    ],
)
def test_base_and_fragments_that_bring_nothing(
    tmp_path: Path, files: dict[str, str], name: str, expected: str
) -> None:
    policy = found(tmp_path, files, name)
    assert f"[{expected}]" in inbound(policy)
    assert policy.complete


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("zzz", 'the fragment "zzz" is not in the workspace'),
        ("${name}", "which fragment this is, nothing here says"),
    ],
)
def test_fragments_that_are_not_known_stay_as_they_are(tmp_path: Path, fragment: str, expected: str) -> None:
    include = f'<include-fragment fragment-id="{fragment}" />'
    policy = found(tmp_path, layers(operation=include))
    assert inbound(policy)[-2:] == [
        f"[{expected}]",
        f'operation "get-order" of the API "orders": {include}',
    ]
    assert not policy.complete


def test_a_fragment_that_includes_itself(tmp_path: Path) -> None:
    policy = found(tmp_path, layers(operation=COMMON, fragment=put("d") + COMMON))
    assert inbound(policy)[1:] == [
        'fragment "common": d',
        '[the fragment "common" includes itself]',
        f'fragment "common": {COMMON}',
    ]
    assert PartKind.LOOP in {part.kind for part in policy.parts}
    assert not policy.complete


def test_fragments_that_include_each_other(tmp_path: Path) -> None:
    files = layers(operation=COMMON, fragment='<include-fragment fragment-id="other" />')
    files["policy fragments/other/policy.xml"] = f"<fragment>{COMMON}</fragment>"
    loop = '[the fragment "common" includes itself, through the fragment "other"]'
    assert loop in inbound(found(tmp_path, files))


def test_fragments_that_include_each_other_many_times_over(tmp_path: Path) -> None:
    files = layers(operation='<include-fragment fragment-id="f0" />')
    for number in range(12):
        inner = f'<include-fragment fragment-id="f{number + 1}" />' * 12
        files[f"policy fragments/f{number}/policy.xml"] = f"<fragment>{inner}</fragment>"
    policy = found(tmp_path, files)
    assert any("since there are too many" in part.text for part in policy.parts)
    assert len(policy.parts) < 5000


def products(**inbounds: str) -> dict[str, str]:
    files = layers(everywhere=put("a"), api=put("b"))
    for name, text in inbounds.items():
        files[f"products/{name}/productInformation.json"] = "{}"
        files[f"products/{name}/apis.json"] = '[{"name": "orders"}]'
        files[f"products/{name}/policy.xml"] = f"<policies><inbound>{text}</inbound></policies>"
    return files


def test_the_policy_of_a_product_runs_for_its_calls(tmp_path: Path) -> None:
    policy = found(tmp_path, products(gold=f"<base />{put('g')}", plain="<base />", strict=put("s")), API)
    assert inbound(policy) == [
        '[only for calls by the product "gold":]',
        "policy of all APIs: a",
        'product "gold": g',
        '[only for calls by the product "strict":]',
        'product "strict": s',
        "[only for all other calls:]",
        "policy of all APIs: a",
        "[for all calls again:]",
        'API "orders": b',
    ]


def test_products_that_only_pass_on_make_no_difference(tmp_path: Path) -> None:
    policy = found(tmp_path, products(plain="<base /><!-- nothing -->"), API)
    assert inbound(policy) == ["policy of all APIs: a", 'API "orders": b']
    assert not [part for part in policy.parts if part.kind is PartKind.CHOICE]


def test_a_workspace_stands_between_an_api_and_all_apis(tmp_path: Path) -> None:
    files = layers(everywhere=put("a"))
    files["workspaces/team/policy.xml"] = policies(put("w"))
    files["workspaces/team/apis/x/policy.xml"] = policies(put("x"))
    policy = found(tmp_path, files, "workspaces/team/apis/x/policy.xml")
    assert inbound(policy) == ["policy of all APIs: a", 'workspace "team": w', 'API "x": x']


def test_a_document_of_which_nothing_is_known(tmp_path: Path) -> None:
    policy = found(tmp_path, EMPTY)
    assert inbound(policy) == ["[nothing says whose policy this is, so what base brings in is not known]"]


def test_fragments_and_resolvers_are_shown_as_they_are(tmp_path: Path) -> None:
    policy = found(tmp_path, layers(fragment=put("d")), FRAGMENT)
    assert [part.text for part in policy.parts] == [f"<fragment>{put('d')}</fragment>"]
    resolver = found(tmp_path, "<http-data-source><http-request /></http-data-source>")
    assert [part.text for part in resolver.parts] == ["<http-data-source><http-request /></http-data-source>"]


def test_no_element_at_all(tmp_path: Path) -> None:
    root = write_files(tmp_path.resolve(), {"policy.xml": "<!-- nothing yet -->"})
    assert effective(open_workspace(root), root / "policy.xml") is None


def test_deep_nesting_takes_linear_time(tmp_path: Path) -> None:
    deep = '<choose><when condition="@(true)">' * 5000 + COMMON + "</when></choose>" * 5000
    policy = found(tmp_path, layers(operation=deep, fragment=put("d")))
    assert sum(part.kind is PartKind.OPEN for part in policy.parts) == 10_000 + 5


def test_a_document_with_syntax_errors(tmp_path: Path) -> None:
    policy = found(
        tmp_path, layers(operation="<choose><when condition='@(true)'>" + COMMON, fragment=put("d"))
    )
    assert 'fragment "common": d' in inbound(policy)
