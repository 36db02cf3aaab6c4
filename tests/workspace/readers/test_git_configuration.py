from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from apim_policy.workspace.model import Confidence, Scope
from support.workspaces import check, open_workspace, write_files

if TYPE_CHECKING:
    from pathlib import Path

POLICY = "<policies />"
SERVICE = "api-management"
POLICIES = f"{SERVICE}/policies"
API = f"{POLICIES}/apis/Orders_v1KFM.xml"
OPERATION = f"{POLICIES}/apis/Orders_v1KFM/operations/GET__orders_9QX.xml"
PRODUCT = f"{POLICIES}/products/Gold_81.xml"


def repository() -> dict[str, str]:
    api = {
        "id": "/apis/orders",
        "name": "Orders, version 1",
        "subscriptionRequired": True,
        "subscriptionKeyParameterNames": {"header": "api-key"},
        "operations": [
            {"id": "/apis/orders/operations/count", "policies": None},
            {"id": "/apis/orders/operations/list", "$ref-policy": OPERATION},
        ],
        "$ref-policy": API,
    }
    product = {
        "id": "/products/gold",
        "subscriptionRequired": False,
        "$refs-apis": [f"{SERVICE}/apis/Orders_v1KFM/configuration.json"],
        "$ref-policy": PRODUCT,
    }
    return {
        f"{SERVICE}/configuration.json": json.dumps({"$ref-policy": f"{POLICIES}/global.xml"}, indent=2),
        f"{SERVICE}/apis/Orders_v1KFM/configuration.json": json.dumps(api, indent=2),
        f"{SERVICE}/products/Gold_81/configuration.json": json.dumps(product, indent=2),
        f"{POLICIES}/global.xml": POLICY,
        API: POLICY,
        OPERATION: POLICY,
        PRODUCT: POLICY,
    }


@pytest.mark.parametrize(
    ("file", "scope", "product", "api", "operation"),
    [
        (f"{POLICIES}/global.xml", Scope.GLOBAL, None, None, None),
        (PRODUCT, Scope.PRODUCT, "gold", None, None),
        (API, Scope.API, None, "orders", None),
        (OPERATION, Scope.OPERATION, None, "orders", "list"),
    ],
)
def test_configurations_say_whose_policy_a_file_is(
    tmp_path: Path, file: str, scope: Scope, product: str | None, api: str | None, operation: str | None
) -> None:
    info = open_workspace(write_files(tmp_path, repository())).info(tmp_path / file)
    assert (info.scope, info.confidence) == (scope, Confidence.STATED)
    assert (info.product, info.api, info.operation) == (product, api, operation)


def test_evidence_is_the_reference_to_the_file(tmp_path: Path) -> None:
    workspace = open_workspace(write_files(tmp_path, repository()))
    (evidence,) = workspace.info(tmp_path / OPERATION).evidence
    text = evidence.path.read_text()
    assert text[slice(*evidence.span)] == f'"$ref-policy": "{OPERATION}"'
    assert text.splitlines()[evidence.line].strip().startswith('"$ref-policy"')
    assert evidence.text == 'it is loaded as the policy of the operation "list"'


def test_resources_are_known_by_the_names_of_the_service(tmp_path: Path) -> None:
    workspace = open_workspace(write_files(tmp_path, repository())).around(tmp_path / API)
    api = workspace.api("Orders")
    assert api is not None
    assert (api.name, api.policy, api.products, api.key_header) == (
        "orders",
        tmp_path / API,
        ("gold",),
        "api-key",
    )
    assert api.subscription_required is not None
    assert api.subscription_required.value is True
    assert api.operation_policies == {"list": tmp_path / OPERATION}
    product = workspace.product("gold")
    assert product is not None
    assert (product.policy, product.apis) == (tmp_path / PRODUCT, ("orders",))
    assert workspace.global_policy == tmp_path / POLICIES / "global.xml"


def test_the_folder_may_have_another_name(tmp_path: Path) -> None:
    files = {name.replace(SERVICE, "apim"): text for name, text in repository().items()}
    workspace = open_workspace(write_files(tmp_path, files))
    assert workspace.info(tmp_path / API.replace(SERVICE, "apim")).api == "orders"


def test_a_file_that_nothing_names_stays_unknown(tmp_path: Path) -> None:
    name = f"{POLICIES}/apis/Old_77.xml"
    workspace = open_workspace(write_files(tmp_path, {**repository(), name: POLICY}))
    assert workspace.info(tmp_path / name).scope is Scope.UNKNOWN


@pytest.mark.parametrize(
    "configuration", ["{", "[]", '{"$ref-policy": 7}', '{"$ref-policy": "../../../etc/passwd"}', '{"id": []}']
)
def test_configurations_that_say_nothing_are_passed_over(tmp_path: Path, configuration: str) -> None:
    files = {**repository(), f"{SERVICE}/apis/Orders_v1KFM/configuration.json": configuration}
    workspace = open_workspace(write_files(tmp_path, files))
    assert workspace.info(tmp_path / API).scope is Scope.UNKNOWN
    assert workspace.info(tmp_path / PRODUCT).product == "gold"


def test_folders_called_policies_are_no_such_repository(tmp_path: Path) -> None:
    files = {"policies/global.xml": POLICY, "configuration.json": '{"name": "an application"}'}
    workspace = open_workspace(write_files(tmp_path, files))
    assert workspace.info(tmp_path / "policies/global.xml").scope is Scope.UNKNOWN


def test_rules_know_the_scope() -> None:
    limits = '<policies><inbound><{|SCP002:rate-limit|} calls="1" renewal-period="9" /></inbound></policies>'
    check({**repository(), f"{POLICIES}/global.xml": limits}, select=["SCP002"])


def test_a_changed_configuration_is_read_again(tmp_path: Path) -> None:
    workspace = open_workspace(write_files(tmp_path, repository()))
    assert workspace.info(tmp_path / API).api == "orders"
    path = tmp_path / f"{SERVICE}/apis/Orders_v1KFM/configuration.json"
    path.write_text(path.read_text().replace("/apis/orders", "/apis/purchases"))
    assert workspace.update(path) is True
    assert workspace.info(tmp_path / API).api == "purchases"
