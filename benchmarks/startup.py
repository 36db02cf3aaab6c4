"""What it costs to start: ``--version``, and the lint of one file, beyond a bare Python. Prints milliseconds."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 20
DOCUMENT = """\
<policies>
    <inbound>
        <base />
        <set-header name="X-Caller" exists-action="override">
            <value>@(context.Subscription?.Name ?? "none")</value>
        </set-header>
    </inbound>
    <backend>
        <base />
    </backend>
    <outbound>
        <base />
    </outbound>
    <on-error>
        <base />
    </on-error>
</policies>
"""


def measure(commands: dict[str, list[str]], folder: str) -> dict[str, float]:
    """The shortest of many runs of each command, in milliseconds; the runs take turns, so that all see the same load."""
    best = dict.fromkeys(commands, float("inf"))
    for _ in range(RUNS):
        for name, command in commands.items():
            started = time.perf_counter()
            subprocess.run(command, cwd=folder, capture_output=True, check=False)
            best[name] = min(best[name], (time.perf_counter() - started) * 1e3)
    return best


def main() -> None:
    program = [sys.executable, "-c", "from apim_policy.cli.main import run; run()"]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "policy.xml").write_text(DOCUMENT, encoding="utf-8")
        took = measure(
            {
                "bare Python": [sys.executable, "-c", "pass"],
                "--version": [*program, "--version"],
                "lint of one file": [*program, "lint", "policy.xml"],
                "lint of one file, json": [*program, "lint", "--output-format", "json", "policy.xml"],
            },
            folder,
        )
    bare = took.pop("bare Python")
    print(f"{'bare Python':24}{bare:7.1f} ms")
    for name, value in took.items():
        print(f"{name:24}{value:7.1f} ms, {value - bare:.1f} more than bare")


if __name__ == "__main__":
    main()
