"""Pictures of headers: what happens to each, in which layer, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apim_policy.flow.picture import LayerKind, Presence, ValueKind
from support.flows import drawn, outcome, told, way_of
from support.mcp import (
    API,
    AUTOMATIC,
    KEY,
    KEY_ONLY,
    api_information,
    get,
    look,
    path,
    policy,
    put,
    restoring,
    sending,
    server_information,
    workspace,
)

if TYPE_CHECKING:
    from pathlib import Path

    from apim_policy.flow.picture import Event, Way


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path.resolve()


def layers(way: Way) -> list[str]:
    return [layer.kind.value + (f" {layer.part.value}" if layer.part else "") for layer in way.layers]


def the_event(way: Way, name: str, number: int = 0) -> Event:
    (header,) = [header for header in way.headers if header.name == name]
    return header.events[number]


def test_a_header_that_is_set_for_an_api_stops_at_the_boundary(root: Path) -> None:
    way = way_of(root, workspace("<base />\n" + put("X-User", "a"), look("X-User")))
    assert told(way, "X-User") == ["set mcp", "stopped boundary!", "read api!"]
    assert outcome(way, "X-User") == "lost"
    assert layers(way) == ["client", "mcp", "boundary", "api", "backend"]


def test_each_stop_stands_where_the_lost_value_is_set(root: Path) -> None:
    way = way_of(root, workspace("<base />\n" + put("X-User", "a"), look("X-User")))
    stop = the_event(way, "X-User", 1)
    assert stop.place is not None
    assert stop.place.path == root / "apis/orders-mcp/policy.xml"
    assert (stop.place.start.line, stop.place.start.column) == (3, 8)


@pytest.mark.parametrize(
    ("settings", "certainty"), [(None, "assumed"), (KEY_ONLY, "certain")], ids=["unknown", "key-only"]
)
def test_a_stop_is_as_sure_as_what_is_known_of_the_gateway(
    root: Path, settings: str | None, certainty: str
) -> None:
    way = way_of(root, workspace(put("X-User", "a"), look("X-User"), settings=settings))
    assert the_event(way, "X-User", 1).certainty.value == certainty


def test_a_gateway_that_forwards_headers_stops_none(root: Path) -> None:
    way = way_of(root, workspace(put("X-User", "a"), look("X-User"), settings=AUTOMATIC))
    assert told(way, "X-User") == ["set mcp", "forwarded boundary", "read api", "forwarded backend"]
    assert outcome(way, "X-User") == "forwarded"
    assert [header.name for header in way.headers] == ["X-User"]


def test_what_the_client_sends_stops_too(root: Path) -> None:
    way = way_of(root, workspace("<base />", look("Authorization")))
    assert told(way, "Authorization") == ["stopped boundary!", "read api!"]
    assert way.headers[0].entering[:3] == (Presence.CLIENT,) * 3


def test_the_key_header_crosses(root: Path) -> None:
    way = way_of(root, workspace())
    assert told(way, KEY) == ["forwarded boundary?", "forwarded backend?"]


def test_a_value_that_replaces_what_the_client_sent_is_a_change(root: Path) -> None:
    way = way_of(root, workspace(look("Authorization") + put("Authorization", "a"), look("Authorization")))
    assert told(way, "Authorization")[:2] == ["read mcp", "changed mcp"]


def test_a_second_value_is_a_change(root: Path) -> None:
    way = way_of(root, workspace(put("X-User", "a") + put("X-USER", "b")))
    assert told(way, "X-User") == ["set mcp", "changed mcp", "stopped boundary!"]


def test_a_value_for_where_there_is_none_changes_nothing(root: Path) -> None:
    files = workspace("<base />", "<base />", settings=AUTOMATIC)
    files["policy.xml"] = policy(put("X-Id", "1", "skip"))
    assert told(way_of(root, files), "X-Id") == [
        "set global?",
        "forwarded boundary",
        "set global?",
        "forwarded backend",
    ]


def test_values_in_two_branches_are_both_new(root: Path) -> None:
    branches = f'<choose><when condition="@(true)">{put("X-A", "1")}</when><otherwise>{put("X-A", "2")}</otherwise></choose>'
    way = way_of(root, workspace(branches, settings=AUTOMATIC))
    assert told(way, "X-A") == ["set mcp?", "set mcp?", "forwarded boundary", "forwarded backend"]


def test_a_value_in_one_branch_may_be_missing(root: Path) -> None:
    branch = f'<choose><when condition="@(true)">{put("X-A", "1")}</when></choose>'
    way = way_of(root, workspace(branch, look("X-A")))
    header = way.headers[0]
    assert header.entering == (
        Presence.ABSENT,
        Presence.ABSENT,
        Presence.POSSIBLE,
        Presence.ABSENT,
        Presence.ABSENT,
    )


def test_a_deleted_header_does_not_reach_the_boundary(root: Path) -> None:
    way = way_of(root, workspace(put("Authorization", "", "delete"), look("Authorization")))
    assert told(way, "Authorization") == ["deleted mcp", "read api!"]
    assert outcome(way, "Authorization") == "lost"


def test_what_all_apis_set_is_set_again_and_nothing_is_lost(root: Path) -> None:
    way = way_of(root, workspace(policy=policy(put("X-Id", "1"))))
    assert told(way, "X-Id") == ["set global", "stopped boundary", "set global", "forwarded backend"]
    assert outcome(way, "X-Id") == "forwarded"
    assert layers(way) == ["client", "global", "mcp", "boundary", "global", "api", "backend"]


def test_a_relayed_header_crosses_in_the_key(root: Path) -> None:
    way = way_of(
        root, workspace(put("X-User", "a") + sending("X-User"), restoring("X-User") + look("X-User"))
    )
    assert told(way, "X-User")[:3] == ["set mcp", "read mcp", "relayed boundary"]
    assert outcome(way, "X-User") == "relayed"
    assert told(way, KEY)[:2] == ["changed mcp", "forwarded boundary"]


def test_what_stands_before_base_runs_first(root: Path) -> None:
    files = workspace("<base />", put("X-Early", "1") + "<base />\n" + put("X-Late", "1"))
    files["policy.xml"] = policy(look("X-Early"))
    way = way_of(root, files)
    assert layers(way)[-5:] == ["boundary", "api before-base", "global", "api", "backend"]
    assert way.layers[the_event(way, "X-Early").layer].part is None
    assert told(way, "X-Early") == [
        "read global",
        "stopped boundary",
        "set api",
        "read global",
        "forwarded backend",
    ]


def test_the_backend_section_comes_after_the_operation(root: Path) -> None:
    files = workspace("<base />", "<base />")
    files[API] = policy("<base />", backend=put("X-Last", "1") + "<base />")
    files["apis/orders-api/operations/list-orders/policy.xml"] = policy(
        "<base />\n" + put("X-Op", "1"), "<base />"
    )
    way = way_of(root, files)
    assert layers(way)[3:] == ["api", "operation", "api backend", "backend"]


def test_reads_of_the_response_come_last(root: Path) -> None:
    files = workspace(put("X-User", "a"), settings=AUTOMATIC)
    files[API] = policy(look("X-User"), outbound=look("X-User"))
    (header,) = way_of(root, files).headers
    assert [event.section for event in header.events] == ["inbound", None, "inbound", None, "outbound"]


def test_tools_that_run_the_same_policies_share_a_way(root: Path) -> None:
    files = workspace(tools=("orders-api/a", "orders-api/b", "stock-api/c"))
    files["apis/stock-api/apiInformation.json"] = api_information()
    files["apis/orders-api/operations/a/policy.xml"] = policy("<base />")
    (picture,) = drawn(root, files)
    assert [(way.tools, way.api, way.operation) for way in picture.ways] == [
        (("orders-api/b",), "orders-api", None),
        (("orders-api/a",), "orders-api", "a"),
        (("stock-api/c",), "stock-api", None),
    ]


def test_a_passthrough_server_has_no_boundary(root: Path) -> None:
    files = {
        "apis/x-mcp/apiInformation.json": '{"properties": {"type": "mcp", "backendId": "b"}}',
        "apis/x-mcp/policy.xml": policy(put("Authorization", "{{token}}")),
    }
    way = way_of(root, files)
    assert layers(way) == ["client", "mcp", "backend"]
    assert told(way, "Authorization") == ["set mcp", "forwarded backend"]


def test_apis_that_are_not_known(root: Path) -> None:
    files = {"policy.xml": "<!-- apim-policy: scope=mcp -->\n" + policy(put("X-User", "a"))}
    (picture,) = drawn(root, files)
    (way,) = picture.ways
    assert picture.server.kind_assumed
    assert layers(way) == ["client", "mcp", "boundary", "api"]
    assert told(way, "X-User") == ["set mcp", "stopped boundary!"]
    assert way.headers[0].entering == (Presence.ABSENT, Presence.ABSENT, Presence.SET, Presence.ABSENT)
    assert outcome(way, KEY) == "forwarded"


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("weather-mcp-server/policy.xml", "weather-mcp-server"),
        ("gateway/mcp-server.policy.xml", "mcp-server"),
        ("gateway/weather-mcp-server.xml", "weather-mcp-server"),
    ],
)
def test_a_server_that_only_its_path_names(root: Path, file: str, name: str) -> None:
    assert [picture.name for picture in drawn(root, {file: policy(put("X-User", "a"))})] == [name]


def test_what_the_client_sends_to_apis_that_are_not_known(root: Path) -> None:
    files = {"policy.xml": "<!-- apim-policy: scope=mcp -->\n" + policy(look("Authorization"))}
    way = way_of(root, files)
    assert told(way, "Authorization") == ["read mcp", "stopped boundary"]
    assert outcome(way, "Authorization") == "withheld"


def test_a_server_without_a_policy(root: Path) -> None:
    way = way_of(root, workspace(None, look("Authorization")))
    assert told(way, "Authorization") == ["stopped boundary!", "read api!"]


def test_a_fragment_is_named(root: Path) -> None:
    include = '<include-fragment fragment-id="who" />'
    files = workspace(include, policyFragments__who__policy=f"<fragment>{put('X-User', 'a')}</fragment>")
    event = the_event(way_of(root, files), "X-User")
    assert event.fragment == "who"
    assert event.place is not None
    assert event.place.path == root / path("policyFragments__who__policy")
    assert event.section == "inbound"


def test_a_fragment_that_is_missing_is_said(root: Path) -> None:
    way = way_of(root, workspace('<include-fragment fragment-id="gone" />', put("X-Api", "1")))
    assert [(item.kind, item.fragment) for item in way.unseen] == [
        (LayerKind.GLOBAL, None),
        (LayerKind.MCP, "gone"),
    ]
    # It may set any header; nothing says that it sets this one.
    assert told(way, "X-Api") == ["set api", "forwarded backend"]


@pytest.mark.parametrize(
    ("value", "kind", "names"),
    [
        ("abc", ValueKind.LITERAL, ()),
        ("Bearer {{the-token}}", ValueKind.NAMED_VALUE, ("the-token",)),
        ("@(context.RequestId.ToString())", ValueKind.EXPRESSION, ()),
        (get("X-Other"), ValueKind.HEADER, ("X-Other",)),
    ],
)
def test_where_a_value_comes_from(root: Path, value: str, kind: ValueKind, names: tuple[str, ...]) -> None:
    event = the_event(way_of(root, workspace(put("X-User", value))), "X-User")
    assert event.source == (kind, names)


def test_a_policy_that_makes_its_own_value(root: Path) -> None:
    event = the_event(
        way_of(root, workspace('<authentication-basic username="u" password="p" />')), "Authorization"
    )
    assert event.source == (ValueKind.POLICY, ())


def test_a_policy_that_answers_itself_lets_nothing_past(root: Path) -> None:
    way = way_of(root, workspace(put("X-A", "1") + "<return-response />", look("X-User")))
    assert way.ends is LayerKind.MCP
    assert told(way, "X-A") == ["set mcp"]
    assert [header.name for header in way.headers if header.name == KEY] == []


def test_an_api_that_answers_itself_sends_nothing_to_a_backend(root: Path) -> None:
    way = way_of(root, workspace("<base />", put("X-A", "1") + "<return-response />"))
    assert way.ends is LayerKind.API
    assert told(way, "X-A") == ["set api"]
    assert told(way, KEY) == ["forwarded boundary?"]


def test_a_product_runs_for_some(root: Path) -> None:
    files = workspace("<base />", "<base />")
    files["products/gold/productInformation.json"] = "{}"
    files["products/gold/apis.json"] = '[{"name": "orders-api"}]'
    files["products/gold/policy.xml"] = policy("<base />\n" + put("X-Tier", "gold"))
    way = way_of(root, files)
    assert told(way, "X-Tier") == ["set product?", "forwarded backend?"]
    assert "product" in layers(way)


def test_names_known_only_at_run_time_come_last(root: Path) -> None:
    computed = put("@(context.RequestId.ToString())", "a")
    way = way_of(root, workspace(computed, look("X-User")))
    assert way.headers[-1].name is None
    assert [event.kind.value for event in way.headers[-1].events] == ["set"]


def test_lost_headers_come_first(root: Path) -> None:
    way = way_of(root, workspace(put("X-A", "1"), put("X-Z", "1") + look("X-B")))
    assert [header.outcome.value for header in way.headers] == [
        "lost",
        "lost",
        "forwarded",
        "forwarded",
    ]


def test_two_servers_over_one_api(root: Path) -> None:
    files = workspace(put("X-User", "a"), look("X-User"))
    files["apis/a-mcp/apiInformation.json"] = server_information("orders-api/list-orders")
    assert [(picture.name, picture.lost) for picture in drawn(root, files)] == [
        ("a-mcp", ["X-User"]),
        ("orders-mcp", ["X-User"]),
    ]
