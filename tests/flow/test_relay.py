"""Halves of a relay, as people wrote them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apim_policy.flow.flow import Flow
from apim_policy.flow.relay import Form, Half, restoring_halves, sending_halves
from support.mcp import KEY, SERVER, get, put, restoring, sending, workspace
from support.workspaces import open_workspace, write_files

if TYPE_CHECKING:
    from pathlib import Path


def halves(folder: Path, server: str = "<base />", api: str = "<base />") -> tuple[list[Half], list[Half]]:
    found = open_workspace(write_files(folder.resolve(), workspace(server, api)))
    flow = Flow.of(found).server(found.info(found.root / SERVER))
    assert flow is not None
    return sending_halves(flow), restoring_halves(flow.calls[0].passage)


def key(tail: str) -> str:
    return f'@(context.Request.Headers.GetValueOrDefault("{KEY}", ""){tail})'


@pytest.mark.parametrize(
    ("server", "header", "form", "copied"),
    [
        (sending("X-User"), "X-User", Form.NAMED, True),
        (put(KEY, '@($"X-User={context.Request.Headers["X-User"][0]}")'), "X-User", Form.NAMED, True),
        (put(KEY, '@("X-User=" + context.User.Id)'), "X-User", Form.NAMED, False),
        (put(KEY, get("Authorization")), "Authorization", Form.PLAIN, True),
        (
            put(KEY, '@("Bearer " + context.Request.Headers["authorization"][0])'),
            "authorization",
            Form.PLAIN,
            True,
        ),
        (put(KEY, '@("Bearer " + (string)context.Variables["t"])'), "Authorization", Form.PLAIN, False),
        (put(KEY, "Bearer {{token}}"), "Authorization", Form.PLAIN, False),
        (put(KEY, get("X-User")), "X-User", Form.POSSIBLE, True),
        (
            put(KEY, '@(context.Request.Headers["Authorization"][0].Replace("Bearer ", ""))'),
            "Authorization",
            Form.POSSIBLE,
            True,
        ),
        (put(KEY, "{{key}}"), None, Form.POSSIBLE, False),
        (put(KEY, "abc=="), None, Form.POSSIBLE, False),
        (put(KEY, '@((string)context.Variables["key"])'), None, Form.POSSIBLE, False),
    ],
)
def test_a_sending_half(tmp_path: Path, server: str, header: str | None, form: Form, copied: bool) -> None:
    (half,), _ = halves(tmp_path, server)
    assert (half.header, half.form, half.copied) == (header, form, copied)


@pytest.mark.parametrize(
    "server", ["<base />", f'<set-header name="{KEY}" exists-action="delete" />', put("X", "a")]
)
def test_no_sending_half(tmp_path: Path, server: str) -> None:
    assert halves(tmp_path, server)[0] == []


@pytest.mark.parametrize(
    ("api", "header", "form"),
    [
        (restoring("X-User"), "X-User", Form.NAMED),
        (put("X-User", key('.Substring("X-User=".Length)')), "X-User", Form.NAMED),
        (put("X-User", key('.Replace("x-user=", "")')), "X-User", Form.NAMED),
        (put("Authorization", key("")), "Authorization", Form.PLAIN),
        (
            put("authorization", f'@("Bearer " + context.Request.Headers["{KEY.lower()}"][0])'),
            "authorization",
            Form.PLAIN,
        ),
        (put("X-User", key("")), "X-User", Form.POSSIBLE),
    ],
)
def test_a_restoring_half(tmp_path: Path, api: str, header: str, form: Form) -> None:
    _, (half,) = halves(tmp_path, api=api)
    assert (half.header, half.form) == (header, form)


@pytest.mark.parametrize(
    "api",
    [
        "<base />",
        put("X-User", "a"),
        put("X-User", get("X-Other")),
        put(KEY, key("")),
        f'<set-variable name="k" value="{key("")}" />',
        f"<return-response>{put('X-User', key(''))}</return-response>",
    ],
)
def test_no_restoring_half(tmp_path: Path, api: str) -> None:
    assert halves(tmp_path, api=api)[1] == []
