"""One question per folder: which request headers the gateway forwards from an MCP server to the APIs of its tools."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from apim_policy.rules.mcp.answers import settings_edit
from apim_policy.rules.model import FileEdit, Fix
from apim_policy.workspace.files import UnreadableFileError
from apim_policy.workspace.model import McpKind
from apim_policy.workspace.settings import FILE_NAME, McpHeaderForwarding

if TYPE_CHECKING:
    from pathlib import Path

    from apim_policy.lsp.documents import OpenDocument
    from apim_policy.lsp.projects import Project
    from apim_policy.lsp.server import PolicyServer

log = logging.getLogger(__name__)

QUESTION = (
    "Does your gateway forward request headers from the policy of an MCP server to the API behind its tools? "
    "Hosted gateways do since the update of November 2025; before it, and on self-hosted gateways of that time, "
    f"only Ocp-Apim-Subscription-Key gets through. Your answer goes into {FILE_NAME}."
)
ANSWERS = {
    "It forwards headers": McpHeaderForwarding.AUTOMATIC,
    "Only the key gets through": McpHeaderForwarding.SUBSCRIPTION_KEY_ONLY,
    "I do not know": McpHeaderForwarding.UNKNOWN,
}


class Asker:
    """Asks when a document of an MCP server is first opened in a folder whose settings do not say."""

    def __init__(self, server: PolicyServer) -> None:
        self._server = server
        self._asked: set[Path] = set()

    def met(self, document: OpenDocument) -> None:
        """A document was opened."""
        client = self._server.client
        if client.ask and client.apply_edit:
            self._server.background(self._consider(document), "question about the gateway")

    async def _consider(self, document: OpenDocument) -> None:
        session = self._server.session
        await self._server.upkeep.configured.wait()
        await session.ready(document.path)
        project = session.projects.of(document.path)
        if (
            not self._server.upkeep.configuration.ask
            or project.root in self._asked
            or project.settings.gateway.mcp_header_forwarding is not McpHeaderForwarding.UNKNOWN
            or project.settings.states("gateway", "mcp-header-forwarding")
            or not session.is_policy(document)
        ):
            return
        mcp = session.info(document.path).mcp
        if mcp is None or mcp.kind is not McpKind.REST_BACKED:
            return
        self._asked.add(project.root)
        # An author who does not know is not to be asked at each start: that answer is written down as well.
        answer = await self._ask()
        if answer is not None:
            await self._write(project, answer)

    async def _ask(self) -> McpHeaderForwarding | None:
        actions = [types.MessageActionItem(title) for title in ANSWERS]
        params = types.ShowMessageRequestParams(types.MessageType.Info, QUESTION, actions)
        try:
            chosen = await self._server.window_show_message_request_async(params)
        except JsonRpcException as error:
            log.debug("the client does not ask: %s", error)
            return None
        return ANSWERS.get(chosen.title) if chosen else None

    async def _write(self, project: Project, answer: McpHeaderForwarding) -> None:
        session, client = self._server.session, self._server.client
        path = project.settings.path or project.root / FILE_NAME
        try:
            text = session.store.read(path).text if session.store.exists(path) else ""
        except UnreadableFileError as error:
            log.warning("%s", error)
            return
        edit = settings_edit(text, answer)
        if edit is None:
            message = f'{path} cannot be changed safely. Write mcp-header-forwarding = "{answer.value}" under [gateway].'
            self._server.window_show_message(types.ShowMessageParams(types.MessageType.Warning, message))
            return
        label = f"State which headers the gateway forwards in {FILE_NAME}"
        change = session.convert.workspace_edit(Fix(label, (FileEdit(path, (edit,)),)))
        metadata = types.WorkspaceEditMetadata(is_refactoring=True) if client.edit_metadata else None
        params = types.ApplyWorkspaceEditParams(change, label=label, metadata=metadata)
        try:
            result = await self._server.workspace_apply_edit_async(params)
        except JsonRpcException as error:
            log.warning("the client changes nothing: %s", error)
            return
        if result.applied:
            # The editor may keep the file unsaved for a while.
            session.projects.answer(project.root, answer)
            self._server.look_again()
