"""The resource of an API: ``apiInformation.json`` as APIOps writes it, and what other files that deploy it say.

The members are those of ``Microsoft.ApiManagement/service/apis``:
https://learn.microsoft.com/azure/templates/microsoft.apimanagement/service/apis. For MCP servers see
https://learn.microsoft.com/azure/api-management/manage-mcp-servers-rest-api; ``mcpProperties`` takes many forms there and
elsewhere, so nothing is concluded from it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.workspace.model import McpKind, McpServer, Stated, Tool
from apim_policy.workspace.readers.resources import MARK, known

if TYPE_CHECKING:
    from collections.abc import Callable

    from apim_policy.workspace.model import Evidence
    from apim_policy.workspace.readers.resources import Described

KEY_HEADER = "Ocp-Apim-Subscription-Key"
"""The header that carries a subscription key unless the API names another."""
MCP = "mcp"

_OPERATION = re.compile(r"(?:\A|/)apis/([^/]+)/operations/([^/]+)/?\Z", re.IGNORECASE)


class ApiInformation(NamedTuple):
    """What the file says of the API."""

    type: str | None
    evidence: Evidence
    subscription_required: Stated | None
    key_header: str | None
    mcp: McpServer | None
    mcp_evidence: tuple[Evidence, ...]
    """Why it is an MCP server, and of which kind."""


def read_api_information(name: str | None, file: Described, spelled: Callable[[str], str]) -> ApiInformation:
    """What the file of the API ``name`` says, which is None where nobody can tell; ``spelled`` gives the names of other APIs as their folders spell them."""
    type_, evidence = _type(file)
    described = evidence or file.evidence(f'describes the API "{name}"' if name else "describes an API")
    tools_key = file.key("properties", "mcpTools")
    tools = file.get(*tools_key)
    listed = tools if isinstance(tools, list) else []
    mcp = None
    mcp_evidence: list[Evidence] = []
    if type_ == MCP or listed:
        mcp_evidence.append(described if type_ == MCP else file.evidence("it has mcpTools", *tools_key))
        mcp = _server(name, file, tools_key, listed, spelled)
        if mcp.kind is McpKind.PASSTHROUGH:
            mcp_evidence.append(file.evidence("it has a backend and no tools", *_backend(file)))
        type_, described = MCP, mcp_evidence[0]
    return ApiInformation(
        type=type_,
        evidence=described,
        subscription_required=flag(file, "subscriptionRequired"),
        key_header=_key_header(file),
        mcp=mcp,
        mcp_evidence=tuple(mcp_evidence),
    )


def flag(file: Described, name: str) -> Stated | None:
    """A property that is true or false."""
    key = file.key("properties", name)
    value = file.get(*key)
    if not isinstance(value, bool):
        return None
    return Stated(value, file.evidence(f"{name} is {str(value).lower()}", *key))


def _type(file: Described) -> tuple[str | None, Evidence | None]:
    """The API's type in lower case. Some authors write ``apiType``, some both."""
    found: tuple[str | None, Evidence | None] = (None, None)
    for name in ("apiType", "type"):
        key = file.key("properties", name)
        value = known(file.get(*key))
        if value is not None and found[0] != MCP:
            found = (value.lower(), file.evidence(f"{name} is {value.lower()}", *key))
    return found


def _server(
    name: str | None,
    file: Described,
    key: tuple[str, ...],
    listed: list[object],
    spelled: Callable[[str], str],
) -> McpServer:
    tools = []
    for index, tool in enumerate(listed):
        operation_id = tool.get("operationId") if isinstance(tool, dict) else None
        called = called_operation(operation_id)
        if called is not None and isinstance(tool, dict):
            api, operation = called
            title = known(tool.get("name")) or operation
            evidence = file.evidence(f'tool "{title}" calls {api}/{operation}', *key, index)
            tools.append(Tool(title, spelled(api), operation, evidence))
    # A list that nobody can tell may hold tools.
    passthrough = not listed and not isinstance(file.get(*key), str) and bool(_backend(file))
    return McpServer(
        name=name,
        kind=McpKind.PASSTHROUGH if passthrough else McpKind.REST_BACKED,
        kind_assumed=not listed and not passthrough,
        tools_from=tuple(dict.fromkeys(tool.api for tool in tools)),
        # A list of which a part cannot be read is no list of all tools.
        tools=tuple(tools) if len(tools) == len(listed) else (),
    )


def called_operation(operation_id: object) -> tuple[str, str] | None:
    """The API and the operation that an id names; None where it names none, or one that nobody can tell."""
    match = _OPERATION.search(operation_id) if isinstance(operation_id, str) else None
    if match is None or MARK in match[1] + match[2]:
        return None
    return match[1], match[2]


def _backend(file: Described) -> tuple[str, ...]:
    for name in ("backendId", "serviceUrl"):
        key = file.key("properties", name)
        if file.get(*key):
            return key
    return ()


def _key_header(file: Described) -> str | None:
    header = known(file.get(*file.key("properties", "subscriptionKeyParameterNames", "header")))
    if header is None or header.lower() == KEY_HEADER.lower():
        return None
    return header
