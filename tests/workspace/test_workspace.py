from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from apim_policy.workspace.files import FileStore
from apim_policy.workspace.model import Confidence, McpKind, PathForm, Scope
from apim_policy.workspace.settings import Settings, load_settings
from apim_policy.workspace.workspace import Workspace
from support.workspaces import write_files

if TYPE_CHECKING:
    from collections.abc import Mapping

EXAMPLE = Path(__file__).parents[2] / "examples" / "orders-mcp"
POLICY = "<policies />"
FRAGMENT = "<fragment />"


def information(**properties: Any) -> str:
    return json.dumps({"properties": properties})


def tools(*calls: str) -> list[dict[str, str]]:
    pairs = [call.split("/") for call in calls]
    return [
        {"name": operation, "operationId": f"/apis/{api}/operations/{operation}"} for api, operation in pairs
    ]


def service(prefix: str = "") -> dict[str, str | bytes]:
    """An orders API with an MCP server in front of it."""
    files = {
        "policy.xml": POLICY,
        "apis/orders/apiInformation.json": information(subscriptionRequired=False),
        "apis/orders/policy.xml": POLICY,
        "apis/orders/operations/list/policy.xml": POLICY,
        "apis/server/apiInformation.json": information(
            type="mcp", mcpTools=tools("orders/list", "orders/get")
        ),
        "apis/server/policy.xml": POLICY,
        "products/starter/apis.json": '[{"name": "orders"}]',
        "products/starter/policy.xml": POLICY,
        "policyFragments/auth/policy.xml": FRAGMENT,
    }
    return {f"{prefix}{name}": text for name, text in files.items()}


def discover(root: Path, files: Mapping[str, str | bytes], *named: str) -> Workspace:
    """The workspace of ``root`` after writing ``files``, or what is known when only some files are ``named``."""
    write_files(root, files)
    settings_file = root / "apim-policy.toml"
    settings = load_settings(settings_file) if settings_file.exists() else Settings()
    return Workspace.discover(root, settings, FileStore(), [root / name for name in named] or None)


def callers(workspace: Workspace, path: Path, api: str, operation: str | None = None) -> list[str]:
    seen = workspace.around(path)
    return [
        server.path.relative_to(workspace.root).as_posix() for server in seen.servers_calling(api, operation)
    ]


class TestExample:
    @pytest.fixture
    def workspace(self) -> Workspace:
        return Workspace.discover(EXAMPLE)

    def test_every_document_is_known_for_what_it_is(self, workspace: Workspace) -> None:
        found = {}
        for path in workspace.documents:
            info = workspace.info(path)
            assert info.confidence is Confidence.STATED
            found[path.relative_to(EXAMPLE).as_posix()] = (
                info.scope,
                info.api,
                info.operation,
                info.fragment,
            )
        assert found == {
            "apis/orders-api/operations/create-order/policy.xml": (
                Scope.OPERATION,
                "orders-api",
                "create-order",
                None,
            ),
            "apis/orders-api/policy.xml": (Scope.API, "orders-api", None, None),
            "apis/orders-mcp/policy.xml": (Scope.MCP, "orders-mcp", None, None),
            "policy.xml": (Scope.GLOBAL, None, None, None),
            "policyFragments/name-the-caller/policy.xml": (Scope.FRAGMENT, None, None, "name-the-caller"),
        }

    def test_the_mcp_server_is_known_with_its_tools_and_evidence(self, workspace: Workspace) -> None:
        info = workspace.info(EXAMPLE / "apis/orders-mcp/policy.xml")
        assert info.mcp is not None
        assert (info.mcp.kind, info.mcp.kind_assumed, info.mcp.tools_from) == (
            McpKind.REST_BACKED,
            False,
            ("orders-api",),
        )
        assert [(evidence.line, evidence.text) for evidence in info.evidence] == [(2, "type is mcp")]

    @pytest.mark.parametrize("operation", [None, "list-orders", "get-order", "create-order"])
    def test_the_api_is_called_by_it(self, workspace: Workspace, operation: str | None) -> None:
        path = EXAMPLE / "apis/orders-api/policy.xml"
        assert callers(workspace, path, "orders-api", operation) == ["apis/orders-mcp/policy.xml"]


def test_names_are_looked_up_without_case(tmp_path: Path) -> None:
    workspace = discover(tmp_path, service())
    api = workspace.api("ORDERS")
    assert api is not None
    assert (api.name, api.products) == ("orders", ("starter",))
    assert workspace.fragment("AUTH") == tmp_path / "policyFragments/auth/policy.xml"
    assert workspace.product_policy("Starter") == tmp_path / "products/starter/policy.xml"
    assert workspace.global_policy == tmp_path / "policy.xml"
    assert workspace.lists_fragments
    assert [api.name for api in workspace.apis] == ["orders", "server"]
    assert callers(workspace, tmp_path / "policy.xml", "Orders", "LIST") == ["apis/server/policy.xml"]


def test_what_is_not_there_is_none(tmp_path: Path) -> None:
    workspace = discover(tmp_path, {"a.xml": POLICY})
    assert workspace.api("orders") is None
    assert workspace.product("starter") is None
    assert workspace.product_policy("starter") is None
    assert workspace.fragment("auth") is None
    assert workspace.global_policy is None
    assert workspace.workspace_policy("w") is None
    assert not workspace.lists_fragments
    assert list(workspace.mcp_servers()) == []
    assert list(workspace.apis) == []


def test_an_operation_is_called_by_the_tools_that_name_it(tmp_path: Path) -> None:
    workspace = discover(tmp_path, service())
    path = tmp_path / "apis/orders/policy.xml"
    assert callers(workspace, path, "orders", "get") == ["apis/server/policy.xml"]
    assert callers(workspace, path, "orders", "delete") == []
    assert callers(workspace, path, "items") == []


def test_a_revision_is_an_api_of_its_own(tmp_path: Path) -> None:
    workspace = discover(
        tmp_path,
        service()
        | {"apis/orders;rev=2/policy.xml": POLICY, "apis/orders;rev=2/operations/list/policy.xml": POLICY},
    )
    info = workspace.info(tmp_path / "apis/orders;rev=2/operations/list/policy.xml")
    assert info.api == "orders;rev=2"
    revision = workspace.api("orders;rev=2")
    assert revision is not None
    assert revision.policy == tmp_path / "apis/orders;rev=2/policy.xml"
    assert revision.products == ("starter",)
    unknown = workspace.api("orders;rev=9")
    assert unknown is not None
    assert unknown.name == "orders"


def test_two_services_do_not_mix(tmp_path: Path) -> None:
    workspace = discover(
        tmp_path, service("dev/") | service("prod/") | {"prod/apis/items/policy.xml": POLICY}
    )
    dev, prod = tmp_path / "dev/apis/orders/policy.xml", tmp_path / "prod/apis/orders/policy.xml"
    assert callers(workspace, dev, "orders") == ["dev/apis/server/policy.xml"]
    assert callers(workspace, prod, "orders") == ["prod/apis/server/policy.xml"]
    assert workspace.around(prod).global_policy == tmp_path / "prod/policy.xml"
    assert workspace.around(dev).api("items") is None
    assert workspace.around(prod).api("items") is not None
    assert workspace.around(dev) is workspace.around(tmp_path / "dev/policy.xml")
    assert workspace.around(dev).around(prod) is workspace.around(prod)


def test_a_loose_document_sees_no_service_unless_it_says_so(tmp_path: Path) -> None:
    mcp = "<!-- apim-policy: scope=mcp tools-from=orders --><policies />"
    workspace = discover(
        tmp_path,
        service("far/") | service("near/") | {"near/mcp/main.xml": mcp, "near/samples/x.xml": POLICY},
    )
    assert workspace.around(tmp_path / "near/samples/x.xml").api("orders") is None
    api = workspace.around(tmp_path / "near/mcp/main.xml").api("orders")
    assert api is not None
    assert api.policy == tmp_path / "near/apis/orders/policy.xml"
    assert callers(workspace, tmp_path / "near/apis/orders/policy.xml", "orders", "list") == [
        "near/apis/server/policy.xml",
        "near/mcp/main.xml",
    ]


def test_loose_documents_find_each_other_by_what_they_say(tmp_path: Path) -> None:
    workspace = discover(
        tmp_path,
        {
            "mcp.xml": "<!-- apim-policy: scope=mcp api=server tools-from=orders --><policies />",
            "api.xml": "<!-- apim-policy: api=orders subscription-required=true --><policies />",
            "create.xml": "<!-- apim-policy: api=orders operation=create --><policies />",
            "all.xml": "<!-- apim-policy: scope=global --><policies />",
            "starter.xml": "<!-- apim-policy: product=starter --><policies />",
            "w.xml": "<!-- apim-policy: workspace=w --><policies />",
        },
    )
    api = workspace.api("orders")
    assert api is not None
    assert (api.policy, api.operation_policies) == (tmp_path / "api.xml", {"create": tmp_path / "create.xml"})
    assert api.subscription_required is not None
    assert api.subscription_required.value is True
    assert workspace.global_policy == tmp_path / "all.xml"
    assert workspace.product_policy("starter") == tmp_path / "starter.xml"
    assert workspace.workspace_policy("W") == tmp_path / "w.xml"
    assert callers(workspace, tmp_path / "create.xml", "orders", "create") == ["mcp.xml"]
    server = workspace.api("server")
    assert server is not None
    assert server.type == "mcp"


def test_settings_complete_what_a_folder_says(tmp_path: Path) -> None:
    settings = '[[document]]\npath = "apis/orders/policy.xml"\nsubscription-required = true\n'
    api = discover(tmp_path, service() | {"apim-policy.toml": settings}).api("orders")
    assert api is not None
    assert api.subscription_required is not None
    assert api.subscription_required.evidence.path == tmp_path / "apim-policy.toml"
    assert api.policy == tmp_path / "apis/orders/policy.xml"
    assert api.products == ("starter",)
    assert list(api.operation_policies) == ["list"]


def test_a_comment_may_take_an_mcp_server_for_something_else(tmp_path: Path) -> None:
    comment = "<!-- apim-policy: scope=api --><policies />"
    workspace = discover(tmp_path, service() | {"apis/server/policy.xml": comment})
    assert list(workspace.mcp_servers()) == []
    assert workspace.info(tmp_path / "apis/server/policy.xml").scope is Scope.API


def test_a_comment_may_make_an_api_an_mcp_server(tmp_path: Path) -> None:
    comment = "<!-- apim-policy: scope=mcp tools-from=items --><policies />"
    workspace = discover(tmp_path, service() | {"apis/orders/policy.xml": comment})
    assert callers(workspace, tmp_path / "policy.xml", "items") == ["apis/orders/policy.xml"]
    api = workspace.api("orders")
    assert api is not None
    assert api.mcp is not None
    assert api.products == ("starter",)


def test_an_mcp_server_without_a_policy_is_one_all_the_same(tmp_path: Path) -> None:
    files = service()
    del files["apis/server/policy.xml"]
    (server,) = discover(tmp_path, files).servers_calling("orders", "list")
    assert server.missing
    assert server.path == tmp_path / "apis/server/policy.xml"
    assert server.evidence[0].text == "type is mcp"


@pytest.mark.parametrize(
    ("path", "form"),
    [("mcp-server/policy.xml", PathForm.MCP_SERVER), ("mcp-api.policy.xml", PathForm.MCP)],
)
def test_a_lone_file_is_taken_for_what_its_path_says(tmp_path: Path, path: str, form: PathForm) -> None:
    workspace = discover(tmp_path, {path: POLICY}, path)
    info = workspace.info(tmp_path / path)
    assert (info.scope, info.confidence, info.path_form) == (Scope.MCP, Confidence.ASSUMED, form)
    assert [server.path for server in workspace.around(info.path).mcp_servers()] == [info.path]


def test_fragments_outside_a_service_go_by_the_name_of_their_file(tmp_path: Path) -> None:
    workspace = discover(
        tmp_path,
        {
            "fragments/auth.xml": FRAGMENT,
            "fragments/log.fragment.xml": FRAGMENT,
            "a/twice.xml": FRAGMENT,
            "b/twice.xml": FRAGMENT,
            "c/x.xml": "<!-- apim-policy: fragment=twice --><fragment />",
            "b/other.xml": FRAGMENT,
            "a/other.xml": FRAGMENT,
            "policy.xml": POLICY,
        },
    )
    assert workspace.fragment("auth") == tmp_path / "fragments/auth.xml"
    assert workspace.fragment("Log") == tmp_path / "fragments/log.fragment.xml"
    assert workspace.fragment("twice") == tmp_path / "c/x.xml"
    assert workspace.fragment("other") is None
    assert workspace.fragment("policy") is None
    assert not workspace.lists_fragments


def test_documents_are_ordered_and_respect_exclude(tmp_path: Path) -> None:
    workspace = discover(
        tmp_path,
        {"b.xml": POLICY, "a/z.xml": POLICY, "old/c.xml": POLICY, "apim-policy.toml": 'exclude = ["old"]'},
    )
    assert [path.relative_to(tmp_path).as_posix() for path in workspace.documents] == ["a/z.xml", "b.xml"]


class TestNamedFiles:
    """What is known when only some files were asked for."""

    @pytest.mark.parametrize(
        "name", ["policy.xml", "apis/orders/policy.xml", "apis/orders/operations/list/policy.xml"]
    )
    def test_a_file_sees_its_service(self, tmp_path: Path, name: str) -> None:
        write_files(tmp_path, {"repository/.git/HEAD": ""})
        root = tmp_path / "repository"
        workspace = discover(root, service("artifacts/"), f"artifacts/{name}")
        assert workspace.documents == (root / "artifacts" / name,)
        seen = workspace.around(root / "artifacts" / name)
        assert [server.api for server in seen.servers_calling("orders", "list")] == ["server"]
        assert seen.global_policy == root / "artifacts/policy.xml"
        assert seen.product_policy("starter") == root / "artifacts/products/starter/policy.xml"
        assert seen.fragment("auth") == root / "artifacts/policyFragments/auth/policy.xml"

    def test_comments_in_its_service_are_seen(self, tmp_path: Path) -> None:
        comment = "<!-- apim-policy: scope=mcp tools-from=orders --><policies />"
        workspace = discover(
            tmp_path, service() | {"apis/more/policy.xml": comment}, "apis/orders/policy.xml"
        )
        path = tmp_path / "apis/orders/policy.xml"
        assert callers(workspace, path, "orders") == ["apis/more/policy.xml", "apis/server/policy.xml"]

    def test_documents_of_the_settings_are_seen(self, tmp_path: Path) -> None:
        settings = '[[document]]\npath = "mcp/*.xml"\ntools-from = ["orders"]\n'
        files = service("artifacts/") | {
            "apim-policy.toml": settings,
            "mcp/main.xml": POLICY,
            "mcp/x.txt": POLICY,
        }
        workspace = discover(tmp_path, files, "artifacts/apis/orders/policy.xml")
        path = tmp_path / "artifacts/apis/orders/policy.xml"
        assert callers(workspace, path, "orders") == ["artifacts/apis/server/policy.xml", "mcp/main.xml"]

    def test_a_loose_file_that_says_what_it_is_finds_the_others(self, tmp_path: Path) -> None:
        files = {
            "a/mcp.xml": "<!-- apim-policy: scope=mcp tools-from=orders --><policies />",
            "b/api.xml": "<!-- apim-policy: api=orders --><policies />",
        }
        workspace = discover(tmp_path, files, "b/api.xml")
        assert workspace.documents == (tmp_path / "b/api.xml",)
        assert callers(workspace, tmp_path / "b/api.xml", "orders") == ["a/mcp.xml"]
        api = workspace.around(tmp_path / "a/mcp.xml").api("orders")
        assert api is not None
        assert api.policy == tmp_path / "b/api.xml"

    def test_a_loose_file_that_says_nothing_reads_nothing_else(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        read: list[str] = []
        load = FileStore._load

        def note(self: FileStore, path: Path, limit: int | None) -> object:
            read.append(path.name)
            return load(self, path, limit)

        monkeypatch.setattr(FileStore, "_load", note)
        files = {f"x{number}.xml": POLICY for number in range(20)}
        workspace = discover(tmp_path, files, "x7.xml")
        workspace.info(tmp_path / "x7.xml")
        seen = workspace.around(tmp_path / "x7.xml")
        assert list(seen.mcp_servers()) == []
        assert seen.fragment("x1") is None
        assert set(read) == {"x7.xml"}

    def test_a_named_file_need_not_be_a_policy_document(self, tmp_path: Path) -> None:
        workspace = discover(tmp_path, {"pom.xml": "<project />"}, "pom.xml")
        assert workspace.documents == (tmp_path / "pom.xml",)
        assert workspace.info(tmp_path / "pom.xml").scope is Scope.UNKNOWN

    @pytest.mark.parametrize("data", [None, b"", b"\xe9", b"\xff\xfe"])
    def test_a_file_that_cannot_be_read_is_unknown(self, tmp_path: Path, data: bytes | None) -> None:
        files = {} if data is None else {"x.xml": data}
        workspace = discover(tmp_path, files, "x.xml")
        assert workspace.info(tmp_path / "x.xml").scope is Scope.UNKNOWN
        assert list(workspace.around(tmp_path / "x.xml").mcp_servers()) == []
