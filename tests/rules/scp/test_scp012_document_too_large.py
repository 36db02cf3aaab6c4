"""Documents beyond the size that the service takes."""

from __future__ import annotations

import pytest

from support.workspaces import lint

ONLY = ["SCP012"]


def of(kib: int, root: str = "policies") -> str:
    inner = f"<set-body>{'é' * (kib * 512)}</set-body>"
    return (
        f"<{root}><inbound>{inner}</inbound></{root}>" if root == "policies" else f"<{root}>{inner}</{root}>"
    )


CONSUMPTION = '[gateway]\ntype = "consumption"\n'


@pytest.mark.parametrize(
    ("text", "settings", "words"),
    [
        (of(256), "", "at most 256 KiB, and this one has 257 KiB"),
        (of(16), CONSUMPTION, "at most 16 KiB, and this one has 17 KiB"),
        (of(32, "fragment"), "", "at most 32 KiB, and this one has 33 KiB"),
    ],
)
def test_too_large(text: str, settings: str, words: str) -> None:
    finding = lint({"policy.xml": text, "apim-policy.toml": settings}, select=ONLY).the("SCP012")
    assert words in finding.message


@pytest.mark.parametrize(
    ("text", "settings"),
    [(of(255), ""), (of(15), CONSUMPTION), (of(31, "fragment"), ""), (of(40), "")],
)
def test_small_enough(text: str, settings: str) -> None:
    assert not lint({"policy.xml": text, "apim-policy.toml": settings}, select=ONLY).all
