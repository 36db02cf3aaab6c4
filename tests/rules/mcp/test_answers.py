"""Writing down what only the author knows."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apim_policy.rules.mcp.answers import settings_edit
from apim_policy.text.edits import apply_edits
from apim_policy.workspace.settings import McpHeaderForwarding

AUTOMATIC = McpHeaderForwarding.AUTOMATIC
LINE = 'mcp-header-forwarding = "automatic"'


def stated(text: str) -> str:
    edit = settings_edit(text, AUTOMATIC)
    assert edit is not None
    return apply_edits(text, [edit])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", f"[gateway]\n{LINE}\n"),
        ("# ours\n", f"# ours\n\n[gateway]\n{LINE}\n"),
        ('ignore = ["SCP005"]', f'ignore = ["SCP005"]\n\n[gateway]\n{LINE}\n'),
        ('ignore = ["SCP005"]\r\n', f'ignore = ["SCP005"]\r\n\r\n[gateway]\r\n{LINE}\r\n'),
        ('[gateway] # here\ntype = "v2"\n', f'[gateway] # here\n{LINE}\ntype = "v2"\n'),
        ("[gateway]", f"[gateway]\n{LINE}"),
        ('[gateway]\nmcp-header-forwarding = "unknown" # ask\n', f"[gateway]\n{LINE} # ask\n"),
        (
            "[gateway]\n'mcp-header-forwarding' = 'unknown'\n",
            "[gateway]\n'mcp-header-forwarding' = \"automatic\"\n",
        ),
        ('gateway.type = "v2"\n', f'gateway.{LINE}\ngateway.type = "v2"\n'),
        ('gateway = { type = "v2" }\n', f'gateway = {{ {LINE}, type = "v2" }}\n'),
        ("gateway = {}\n", f"gateway = {{ {LINE} }}\n"),
        (
            '# [gateway]\nprofile = "strict"\n[rules]\nSEC003 = "off"\n',
            f'# [gateway]\nprofile = "strict"\n[rules]\nSEC003 = "off"\n\n[gateway]\n{LINE}\n',
        ),
        (
            '[custom]\ntext = """\n[gateway]\n"""\n',
            f'[custom]\ntext = """\n[gateway]\n"""\n\n[gateway]\n{LINE}\n',
        ),
    ],
)
def test_one_line_is_added_and_all_else_stays(text: str, expected: str) -> None:
    assert stated(text) == expected
    assert tomllib.loads(expected)["gateway"]["mcp-header-forwarding"] == "automatic"


def test_a_value_that_is_no_text_is_left_alone() -> None:
    assert settings_edit("[gateway]\nmcp-header-forwarding = 1\n", AUTOMATIC) is None


def test_the_opposite() -> None:
    edit = settings_edit("", McpHeaderForwarding.SUBSCRIPTION_KEY_ONLY)
    assert edit is not None
    assert edit.new_text == '[gateway]\nmcp-header-forwarding = "subscription-key-only"\n'


@given(
    st.lists(
        st.sampled_from(
            [
                "# [gateway]\n",
                'ignore = ["A"]\n',
                "[rules]\n",
                'x = """\n[gateway]\n"""\n',
                "[gateway]\n",
                '[[document]]\npath = "a"\n',
                'type = "v2" # here\n',
                "\n",
            ]
        )
    )
)
def test_sound_settings_stay_sound(pieces: list[str]) -> None:
    text = "".join(pieces)
    try:
        before = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    after = tomllib.loads(stated(text))
    assert after["gateway"].pop("mcp-header-forwarding") == "automatic"
    if not after["gateway"] and "gateway" not in before:
        del after["gateway"]
    assert after == before
