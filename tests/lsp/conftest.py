"""An editor of each kind on a folder of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from lsp.editor import Editor, connected
from lsp.profiles import PROFILES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "editor" in getattr(item, "fixturenames", ()):
            # The client checks what it is sent against what it announced.
            item.add_marker(pytest.mark.filterwarnings("error"))


@pytest.fixture(params=PROFILES)
def capabilities(request: pytest.FixtureRequest) -> dict[str, Any]:
    return PROFILES[request.param]


@pytest_asyncio.fixture
async def editor(tmp_path: Path, capabilities: dict[str, Any]) -> AsyncIterator[Editor]:
    """An editor that opened no session yet."""
    async with connected(tmp_path.resolve(), capabilities) as found:
        yield found
