"""The life of a session, over pygls' dispatch.

pygls leaves requests unanswered that it cannot read or that come after ``shutdown``, answers those before
``initialize`` with an internal error, and logs what a client may rightly do as errors; so what arrives is checked here
before pygls sees it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from concurrent.futures import InvalidStateError
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInternalError
from pygls.protocol import LanguageServerProtocol, lsp_method

from apim_policy.lsp.client import read_opening

if TYPE_CHECKING:
    from cattrs import Converter

    from apim_policy.lsp.server import PolicyServer

log = logging.getLogger(__name__)

ARRIVED: ContextVar[int] = ContextVar("arrived")
"""Within the handler of a request: the revision of the open documents when the request arrived."""

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
INVALID_PARAMS = -32602
NOT_INITIALIZED = -32002


class ContentModifiedError(JsonRpcException):
    """The document changed since the request, so that its positions mean nothing any more."""

    CODE = types.LSPErrorCodes.ContentModified.value
    MESSAGE = "The document changed since the request"


class RequestFailedError(JsonRpcException):
    """What is asked for cannot be done; the message is for the user."""

    CODE = types.LSPErrorCodes.RequestFailed.value
    MESSAGE = "The request failed"


class InvalidParamsError(JsonRpcException):
    """The parameters of a request make no sense."""

    CODE = INVALID_PARAMS
    MESSAGE = "Invalid parameters"


class PolicyProtocol(LanguageServerProtocol):
    """Reads, checks, dispatches and answers messages. Lives inside a running event loop."""

    _server: PolicyServer

    def __init__(self, server: PolicyServer, converter: Converter) -> None:
        super().__init__(server, converter)
        self._initialized = False
        self.finished: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        """Done when the session is over, with the exit status of the process: 0 where the client said goodbye as it
        should, 1 otherwise."""

    def receive(self, body: bytes | str) -> None:
        """Take one message of the client. Never raises: the messages after it must not suffer."""
        if self.finished.done():
            return
        try:
            self._receive(body)
        except Exception:
            log.exception("a message could not be handled")

    def _receive(self, body: bytes | str) -> None:
        try:
            message = json.loads(body)
        except (ValueError, RecursionError) as error:
            self._answer_error(None, PARSE_ERROR, f"The message is no JSON: {error}")
            return
        if not isinstance(message, dict):
            # Batches of JSON-RPC are no part of the Language Server Protocol.
            self._answer_error(None, INVALID_REQUEST, "A message must be an object")
            return
        method = message.get("method")
        if isinstance(method, str):
            if "id" in message:
                self._receive_request(method, message)
            else:
                self._receive_notification(method, message)
        elif "result" in message or "error" in message:
            self._receive_response(message)
        else:
            self._answer_error(
                _identity(message), INVALID_REQUEST, 'A message needs a "method" or a "result"'
            )

    def refuse(self, reason: str) -> None:
        """Answer bytes that are no message."""
        log.warning("%s", reason)
        self._answer_error(None, PARSE_ERROR, reason)

    def disconnected(self) -> None:
        """The client is gone, or said that it is going."""
        if not self.finished.done():
            self.finished.set_result(0 if self._shutdown else 1)

    def _receive_request(self, method: str, message: dict[str, Any]) -> None:
        identity = _identity(message)
        if identity is None:
            self._answer_error(None, INVALID_REQUEST, "The id of a request must be a string or an integer")
        elif message.get("jsonrpc") != "2.0":
            self._answer_error(identity, INVALID_REQUEST, 'A message must say "jsonrpc": "2.0"')
        elif self._shutdown:
            self._answer_error(identity, INVALID_REQUEST, f"{method} came after shutdown")
        elif method == types.INITIALIZE:
            self._initialize(identity, message)
        elif not self._initialized:
            self._answer_error(identity, NOT_INITIALIZED, f"{method} came before initialize")
        elif identity in self._request_futures:
            self._answer_error(
                identity, INVALID_REQUEST, f"The id {identity!r} is in use by a request under way"
            )
        else:
            structured = self._structured(method, message)
            if structured is None:
                self._answer_error(
                    identity, INVALID_PARAMS, f"The parameters of {method} do not have their form"
                )
            else:
                # pygls runs each handler in a copy of the context.
                ARRIVED.set(self._server.documents.revision)
                self.handle_message(structured)

    def _receive_notification(self, method: str, message: dict[str, Any]) -> None:
        if method == types.EXIT:
            self.disconnected()
            return
        if self._shutdown or not self._initialized or message.get("jsonrpc") != "2.0":
            return
        structured = self._structured(method, message)
        if structured is None:
            log.warning("ignored %s: its parameters do not have their form", method)
            return
        if method == types.CANCEL_REQUEST:
            identity = structured.params.id
            if not isinstance(identity, str | int) or identity not in self._request_futures:
                # The answer and the cancellation crossed each other; pygls would log a warning.
                return
        self.handle_message(structured)

    def _receive_response(self, message: dict[str, Any]) -> None:
        identity = _identity(message)
        if identity is None:
            log.warning("the client reports an error: %s", message.get("error"))
            return
        try:
            structured = self.structure_message(message)
        except JsonRpcException:
            error = types.ResponseError(INVALID_PARAMS, "the client's answer does not have its form")
            structured = types.ResponseErrorMessage(id=identity, error=error)
        if identity in self._request_futures:
            try:
                self.handle_message(structured)
            except InvalidStateError:
                log.debug("an answer came to a request that was given up")

    def _initialize(self, identity: str | int, message: dict[str, Any]) -> None:
        if self._initialized:
            self._answer_error(identity, INVALID_REQUEST, "initialize came a second time")
            return
        try:
            opening = read_opening(message.get("params"))
        except ValueError as error:
            self._answer_error(identity, INVALID_PARAMS, str(error))
            return
        self._initialized = True
        self._send_response(identity, self._server.initialize(opening))
        self._server.start(opening)

    def _structured(self, method: str, message: dict[str, Any]) -> Any:
        # Methods of our own come as they are; pygls would make a tuple of their parameters.
        if self.get_message_type(method) is None:
            return _Raw(message)
        try:
            return self.structure_message(message)
        except JsonRpcException:
            return None

    def _answer_error(self, identity: str | int | None, code: int, text: str) -> None:
        # As a plain object: an error message of lsprotocol loses an id that is null.
        self._send_data({"jsonrpc": "2.0", "id": identity, "error": {"code": code, "message": text}})

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *args: Any) -> None:  # type: ignore[override]
        """Give up what is under way, and answer every later request with an error."""
        current = self.msg_id
        for identity, future in list(self._request_futures.items()):
            if identity != current:
                future.cancel()
        self._shutdown = True

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        """Keep our own mirror."""
        self._server.opened(params.text_document)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        """Keep our own mirror."""
        self._server.changed(params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        """Keep our own mirror."""
        self._server.closed(params.text_document.uri)

    @lsp_method(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def lsp_workspace__did_change_workspace_folders(
        self, params: types.DidChangeWorkspaceFoldersParams
    ) -> None:
        """Keep our own list of folders."""
        self._server.upkeep.folders_changed(params.event)


class _Raw:
    """A message of a method that the protocol does not define."""

    def __init__(self, message: dict[str, Any]) -> None:
        self.jsonrpc: str = message["jsonrpc"]
        self.method: str = message["method"]
        self.params: Any = message.get("params")
        if "id" in message:
            self.id: str | int = message["id"]


def _identity(message: dict[str, Any]) -> str | int | None:
    identity = message.get("id")
    return identity if isinstance(identity, str | int) and not isinstance(identity, bool) else None


def internal_error(method: str, error: Exception) -> JsonRpcInternalError:
    """The answer to a request whose handler failed; the traceback goes to the log alone."""
    log.error("%s failed", method, exc_info=error)
    return JsonRpcInternalError(f"{method} failed: {type(error).__name__}: {error}")
