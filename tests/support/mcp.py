"""Files of small workspaces with an MCP server over APIs, as APIOps lays them out."""

from __future__ import annotations

import json

SERVER = "apis/orders-mcp/policy.xml"
API = "apis/orders-api/policy.xml"
AUTOMATIC = '[gateway]\nmcp-header-forwarding = "automatic"\n'
KEY_ONLY = '[gateway]\nmcp-header-forwarding = "subscription-key-only"\n'


def policy(inbound: str, backend: str = "<base />", outbound: str = "<base />") -> str:
    """A policy document with that inbound, its lines indented by eight spaces."""
    lines = "".join(f"        {line}\n" if line else "\n" for line in inbound.strip("\n").splitlines())
    return (
        f"<policies>\n    <inbound>\n{lines}    </inbound>\n    <backend>\n        {backend}\n    </backend>\n"
        f"    <outbound>\n        {outbound}\n    </outbound>\n</policies>\n"
    )


def server_information(*tools: str, **properties: object) -> str:
    """``apiInformation.json`` of an MCP server; each tool is ``api/operation``."""
    listed = [
        {"name": tool, "operationId": f"/apis/{api}/operations/{operation}"}
        for tool in tools
        for api, _, operation in [tool.partition("/")]
    ]
    return json.dumps(
        {"properties": {"type": "mcp", "path": "mcp", **properties, "mcpTools": listed}}, indent=2
    )


def api_information(subscription_required: bool | None = False, **properties: object) -> str:
    """``apiInformation.json`` of an API."""
    stated = {} if subscription_required is None else {"subscriptionRequired": subscription_required}
    return json.dumps({"properties": {"path": "api", **stated, **properties}}, indent=2)


def workspace(
    server: str | None = "<base />",
    api: str | None = "<base />",
    *,
    settings: str | None = None,
    tools: tuple[str, ...] = ("orders-api/list-orders",),
    subscription_required: bool | None = False,
    **more: str,
) -> dict[str, str]:
    """An MCP server over an orders API, from the inbound of each; None leaves the policy out.

    ``more`` holds further files, with ``__`` for ``/`` in their names and ``xml`` added; see ``path``.
    """
    files = {
        "apis/orders-mcp/apiInformation.json": server_information(*tools),
        "apis/orders-api/apiInformation.json": api_information(subscription_required),
    }
    if server is not None:
        files[SERVER] = policy(server)
    if api is not None:
        files[API] = policy(api)
    if settings is not None:
        files["apim-policy.toml"] = settings
    return files | {path(name): text for name, text in more.items()}


def path(name: str) -> str:
    """The file that a keyword names: ``apis__x__policy`` is ``apis/x/policy.xml``."""
    return f"{name.replace('__', '/').replace('_', '-')}.xml"


def put(header: str, value: str, action: str = "override", mark: str = "") -> str:
    """A ``set-header``; ``mark`` is a code that is expected at it."""
    opening, closing = (f"{{|{mark}:", "|}") if mark else ("", "")
    return f'{opening}<set-header name="{header}" exists-action="{action}">{closing}\n    <value>{value}</value>\n</set-header>\n'


def get(header: str) -> str:
    """The expression that copies a request header."""
    return f'@(context.Request.Headers.GetValueOrDefault("{header}", ""))'


def look(header: str, mark: str = "") -> str:
    """A policy that looks at a request header; ``mark`` is a code that is expected at the look."""
    code = f'context.Request.Headers.GetValueOrDefault("{header}", "")'
    marked = f"{{|{mark}:{code}|}}" if mark else code
    return f'<set-variable name="seen" value="@({marked})" />\n'


KEY = "Ocp-Apim-Subscription-Key"


def sending(header: str, mark: str = "") -> str:
    """Our sending half."""
    return put(KEY, f'@("{header}=" + context.Request.Headers.GetValueOrDefault("{header}", ""))', mark=mark)


def restoring(header: str, mark: str = "", *, deletes: bool = True) -> str:
    """Our restoring half."""
    value = f'@(context.Request.Headers.GetValueOrDefault("{KEY}", "").Substring("{header}=".Length))'
    delete = f'<set-header name="{KEY}" exists-action="delete" />\n' if deletes else ""
    inner = "".join(f"        {line}\n" for line in (put(header, value, mark=mark) + delete).splitlines())
    return (
        "<choose>\n"
        f'    <when condition="@(context.Request.Headers.GetValueOrDefault("{KEY}", "").StartsWith("{header}="))">\n'
        f"{inner}    </when>\n</choose>\n"
    )
