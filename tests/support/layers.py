"""A small APIOps folder: a policy for all APIs, one of an API, one of its operation, and a fragment."""

from __future__ import annotations

GLOBAL = "policy.xml"
API = "apis/orders/policy.xml"
OPERATION = "apis/orders/operations/get-order/policy.xml"
FRAGMENT = "policy fragments/common/policy.xml"
COMMON = '<include-fragment fragment-id="common" />'


def policies(inbound: str, *, base: bool = True) -> str:
    """A document that inherits in every section, and has these policies in ``inbound``."""
    inherited = "<base />" if base else ""
    rest = "".join(f"<{name}>{inherited}</{name}>" for name in ("backend", "outbound", "on-error"))
    return f"<policies><inbound>{inherited}{inbound}</inbound>{rest}</policies>"


def layers(
    *,
    everywhere: str | None = "",
    api: str = "",
    operation: str = "",
    fragment: str = "",
) -> dict[str, str]:
    """The files, with these policies in the sections ``inbound``; None leaves the policy for all APIs out."""
    files = {
        "apis/orders/apiInformation.json": '{"properties": {"path": "orders"}}',
        API: policies(api),
        OPERATION: policies(operation),
        FRAGMENT: f"<fragment>{fragment}</fragment>",
    }
    if everywhere is not None:
        files[GLOBAL] = policies(everywhere, base=False)
    return files


def put(name: str, value: str = "1") -> str:
    """A policy that sets a variable."""
    return f'<set-variable name="{name}" value="{value}" />'


def get(name: str, mark: str = "") -> str:
    """A policy that reads a variable with an indexer; its name is marked with a rule's code."""
    shown = f"{{|{mark}:{name}|}}" if mark else name
    return f'<set-query-parameter name="q" exists-action="override"><value>@((string)context.Variables["{shown}"])</value></set-query-parameter>'
