"""The command line, called in this process."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from typing import Any

from apim_policy.cli.main import main


@dataclass(frozen=True)
class Result:
    """What one command printed, and how it ended."""

    status: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        """Standard output as text."""
        return self.out.decode()

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)

    @property
    def codes(self) -> list[str]:
        """The codes of the findings, from JSON."""
        return [item["code"] for item in self.json["diagnostics"]]


def apim_policy(*arguments: str, stdin: bytes = b"") -> Result:
    """Run a command line in the current folder."""
    streams = sys.stdin, sys.stdout, sys.stderr
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    sys.stdout = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
    sys.stderr = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
    try:
        status = main(arguments)
        return Result(status, _written(sys.stdout), _written(sys.stderr).decode())
    finally:
        sys.stdin, sys.stdout, sys.stderr = streams


def _written(stream: io.TextIOWrapper) -> bytes:
    stream.flush()
    return stream.buffer.getvalue()
