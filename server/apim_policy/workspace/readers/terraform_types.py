"""What the resources of Terraform are called that make those of a service, and how they call its properties."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Type(NamedTuple):
    """What a resource of azurerm makes."""

    kind: tuple[str, ...]
    """The segments of the type below the service, in lower case."""
    names: tuple[str, ...]
    """The attributes that name the resource and those around it."""
    properties: Mapping[str, str] = {}
    """What the attributes are called as properties of the service."""


_VALUE = {"xml_content": "value"}
LINK = "xml_link"
"""The attribute that holds an address of a policy instead of its text."""
_API = {
    "api_type": "type",
    "subscription_required": "subscriptionRequired",
    "subscription_key_parameter_names": "subscriptionKeyParameterNames",
}
TYPES = {
    f"azurerm_api_management{name}": type_
    for name, type_ in {
        "_policy": Type(("policies",), (), _VALUE),
        "_product_policy": Type(("products", "policies"), ("product_id",), _VALUE),
        "_api_policy": Type(("apis", "policies"), ("api_name",), _VALUE),
        "_api_operation_policy": Type(
            ("apis", "operations", "policies"), ("api_name", "operation_id"), _VALUE
        ),
        "_workspace_policy": Type(("workspaces", "policies"), ("api_management_workspace_id",), _VALUE),
        "_policy_fragment": Type(("policyfragments",), ("name",), {"value": "value"}),
        "_workspace_policy_fragment": Type(
            ("workspaces", "policyfragments"), ("api_management_workspace_id", "name"), _VALUE
        ),
        "_workspace": Type(("workspaces",), ("name",)),
        "_api": Type(("apis",), ("name",), _API),
        "_api_operation": Type(("apis", "operations"), ("api_name", "operation_id")),
        "_product": Type(("products",), ("product_id",), {"subscription_required": "subscriptionRequired"}),
        "_product_api": Type(("products", "apis"), ("product_id", "api_name")),
        "_named_value": Type(("namedvalues",), ("name",), {"display_name": "displayName"}),
        "_backend": Type(("backends",), ("name",)),
        "_logger": Type(("loggers",), ("name",)),
    }.items()
}
"""https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/api_management_api and its kind."""
SERVICES = frozenset({"azurerm_api_management"})
"""Types of the service itself."""
AZAPI = frozenset({"azapi_resource", "azapi_update_resource"})
"""Resources that take types and properties of the service as they are."""
FILE_ATTRIBUTES = {("local_file", "content"): "filename", ("template_file", "rendered"): "template"}
"""Attributes of data sources that yield the text of a file, with those that say where it comes from."""
