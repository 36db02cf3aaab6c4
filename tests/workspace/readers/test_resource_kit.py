from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apim_policy.workspace.model import Confidence, Scope
from support.workspaces import open_workspace, write_files

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = """{
  "$schema": "https://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#",
  "parameters": {"apimServiceName": {"type": "string"}, "policyXMLBaseUrl": {"type": "string"}},
  "resources": [
    {
      "properties": {
        "format": "rawxml-link",
        "value": "[concat(parameters('policyXMLBaseUrl'), '/pet-store-list-pets-operationPolicy.xml', parameters('policyXMLSasToken'))]"
      },
      "name": "[concat(parameters('apimServiceName'), '/pet-store/list-pets/policy')]",
      "type": "Microsoft.ApiManagement/service/apis/operations/policies",
      "apiVersion": "2021-08-01"
    }
  ]
}"""


@pytest.mark.parametrize(
    ("name", "scope", "product", "api"),
    [
        ("globalServicePolicy.xml", Scope.GLOBAL, None, None),
        ("gold-plus-productPolicy.xml", Scope.PRODUCT, "gold-plus", None),
        ("pet-store-apiPolicy.xml", Scope.API, None, "pet-store"),
        ("pet-store-list-pets-operationPolicy.xml", Scope.OPERATION, None, None),
    ],
)
def test_names_of_files_are_a_guess(
    tmp_path: Path, name: str, scope: Scope, product: str | None, api: str | None
) -> None:
    info = open_workspace(write_files(tmp_path, {f"policies/{name}": "<policies />"})).info(
        tmp_path / "policies" / name
    )
    assert (info.scope, info.confidence) == (scope, Confidence.ASSUMED)
    assert (info.product, info.api) == (product, api)
    assert info.evidence[0].text.startswith("its name is one that the resource kit gives to the policy")


@pytest.mark.parametrize(
    "name", ["pet-store-apiPolicy.xml", "policies/apiPolicy.xml", "policies/a-apiPolicy.txt.xml"]
)
def test_other_names_and_folders_say_nothing(tmp_path: Path, name: str) -> None:
    info = open_workspace(write_files(tmp_path, {name: "<policies />"})).info(tmp_path / name)
    assert info.scope is Scope.UNKNOWN


def test_templates_tell_what_the_name_leaves_open(tmp_path: Path) -> None:
    name = "policies/pet-store-list-pets-operationPolicy.xml"
    write_files(tmp_path, {"pet-store.template.json": TEMPLATE, name: "<policies />"})
    info = open_workspace(tmp_path).info(tmp_path / name)
    assert (info.scope, info.confidence) == (Scope.OPERATION, Confidence.STATED)
    assert (info.api, info.operation) == ("pet-store", "list-pets")
