"""What is known of a workspace: its documents, APIs, MCP servers and fragments, each with its evidence."""

from __future__ import annotations

from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from apim_policy.text.span import Span


class Scope(Enum):
    """Where a document applies; the values are those of the JSON output."""

    GLOBAL = "global"
    WORKSPACE = "workspace"
    PRODUCT = "product"
    API = "api"
    OPERATION = "operation"
    FRAGMENT = "fragment"
    RESOLVER = "resolver"
    MCP = "mcp"
    UNKNOWN = "unknown"


class Confidence(Enum):
    """How sure the scope is."""

    STATED = "stated"
    """A comment, the settings or a deployment file says so."""
    ASSUMED = "assumed"
    """A path or a name suggests it; nothing assumed leads to an error."""
    NONE = "none"


class McpKind(Enum):
    """Where the tools of an MCP server come from."""

    REST_BACKED = "rest-backed"
    """Its tools are operations of APIs in the same service."""
    PASSTHROUGH = "passthrough"
    """It forwards to an MCP server outside."""


class PathForm(Enum):
    """How strongly a path speaks of an MCP server."""

    MCP_SERVER = "mcp-server"
    """The folder or stem holds ``mcp-server`` or ``mcp-servers``."""
    MCP = "mcp"
    """The folder or stem holds only the word ``mcp``."""


class Evidence(NamedTuple):
    """Why something is believed."""

    path: Path
    span: Span
    """Where in that file; (0, 0) where the path itself is the evidence."""
    line: int
    """The line of the span's start, from 0."""
    text: str
    """A short clause, such as ``type is mcp``."""


class Tool(NamedTuple):
    """A tool of an MCP server."""

    name: str
    api: str
    """Name of the API whose operation it calls, without its revision."""
    operation: str
    evidence: Evidence | None = None


class McpServer(NamedTuple):
    """An API of type MCP."""

    name: str | None
    """Its API name; None where only a comment, the settings or the path speak of it without one."""
    kind: McpKind
    kind_assumed: bool
    """Whether the kind was taken for REST-backed because nothing says."""
    tools_from: tuple[str, ...]
    """Names of the APIs that its tools call, in the order of the evidence; empty where they are not known."""
    tools: tuple[Tool, ...] = ()
    """The tools where they are known one by one."""

    def calls_api(self, api: str) -> bool:
        """Whether a tool calls an operation of that API; names of the service compare without case."""
        return api.lower() in (name.lower() for name in self.tools_from)

    def calls_operation(self, api: str, operation: str) -> bool:
        """Whether a tool may call that operation: surely where tools are listed, possibly where only APIs are."""
        if not self.calls_api(api):
            return False
        listed = [tool for tool in self.tools if tool.api.lower() == api.lower()]
        return not listed or any(tool.operation.lower() == operation.lower() for tool in listed)


class DocumentInfo(NamedTuple):
    """What one document was taken for."""

    path: Path
    scope: Scope
    confidence: Confidence
    evidence: tuple[Evidence, ...] = ()
    workspace: str | None = None
    product: str | None = None
    api: str | None = None
    """A revision that is not the current one keeps its ``;rev=N``, as in the name of its resource."""
    operation: str | None = None
    fragment: str | None = None
    mcp: McpServer | None = None
    """Set exactly where the scope is MCP."""
    path_form: PathForm | None = None
    """Set where the path alone makes the document an MCP server's."""
    also: tuple[DocumentInfo, ...] = ()
    """Other resources that load the same document."""
    missing: bool = False
    """Whether there is no such file: the resource has no policy, and this is where one would stand."""


class Stated(NamedTuple):
    """A yes or no that a file states about a resource."""

    value: bool
    evidence: Evidence


class Api(NamedTuple):
    """An API, MCP servers among them."""

    name: str
    """As deployment files spell it; a revision that is not the current one keeps its ``;rev=N``."""
    type: str | None
    """``http``, ``soap``, ``websocket``, ``graphql``, ``mcp``, …, in lower case; None where nothing says."""
    evidence: Evidence | None
    subscription_required: Stated | None = None
    key_header: str | None = None
    """The header that carries its subscription key where it is not Ocp-Apim-Subscription-Key."""
    policy: Path | None = None
    operation_policies: Mapping[str, Path] = MappingProxyType({})
    """Policy files of operations by the operation's name."""
    mcp: McpServer | None = None
    products: tuple[str, ...] = ()
    """Products that a deployment file puts it in."""


class Product(NamedTuple):
    """A product and what it holds."""

    name: str
    apis: tuple[str, ...]
    """Names of its APIs, without revisions."""
    policy: Path | None = None
    subscription_required: Stated | None = None


class ResourceKind(Enum):
    """What policies name by an id; the values are what people call it."""

    FRAGMENT = "fragment"
    NAMED_VALUE = "named value"
    BACKEND = "backend"
    LOGGER = "logger"
    SCHEMA = "schema"


class Resource(NamedTuple):
    """Something that policies name by an id."""

    kind: ResourceKind
    name: str
    """As policies write it: of a named value the name that is shown, where its file tells one."""
    file: Path
    """The file that describes it; of a fragment its policy, where it has one."""
