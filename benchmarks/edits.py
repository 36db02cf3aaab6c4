"""From an edit to its findings: a real language server, one character typed at a time inside expressions.

Prints medians and 95th percentiles in milliseconds for documents of 10 KB and 84 KB, and the ratio of the latter to
parsing the same text.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from apim_policy.syntax.parser import parse
from editor import expressions
from support.jsonrpc import Connection

EDITS = 100
WARM = 10
SIZES = (10 * 1024, 84 * 1024)


def shortened(size: int) -> str:
    """The document full of expressions, cut between policies to about ``size`` characters."""
    text = expressions()
    if len(text) <= size:
        return text
    cut = text.rindex("        <set-variable", 0, size)
    return f"{text[:cut]}    </inbound>\n</policies>\n"


def measure(text: str) -> list[float]:
    """Milliseconds from each edit to the findings of its version."""
    places = [expression.end - 1 for expression in parse(text).expressions()]
    draw = random.Random(1)
    took: list[float] = []
    with tempfile.TemporaryDirectory() as folder, Connection() as server:
        root = Path(folder).resolve()
        uri = (root / "policy.xml").as_uri()
        server.initialize(
            rootUri=root.as_uri(),
            capabilities={"textDocument": {"publishDiagnostics": {"versionSupport": True}}},
        )
        server.notify("initialized", {})
        opened = {"uri": uri, "languageId": "apim-policy", "version": 0, "text": text}
        server.notify("textDocument/didOpen", {"textDocument": opened})
        server.expect(lambda message: _version(message) == 0)
        for version in range(1, 2 * (EDITS + WARM), 2):
            at = draw.choice(places)
            line = text.count("\n", 0, at)
            place = {"line": line, "character": at - (text.rfind("\n", 0, at) + 1)}
            after = {**place, "character": place["character"] + 1}
            # One character is typed and taken away again, each with findings of its own.
            for number, (end, new) in enumerate(((place, ";"), (after, ""))):
                change = {"range": {"start": place, "end": end}, "text": new}
                document = {"uri": uri, "version": version + number}
                started = time.perf_counter()
                server.notify(
                    "textDocument/didChange", {"textDocument": document, "contentChanges": [change]}
                )
                server.expect(lambda message, wanted=version + number: _version(message) == wanted)
                took.append((time.perf_counter() - started) * 1e3)
    return took[2 * WARM :]


def _version(message: dict[str, object]) -> object:
    params = message.get("params")
    told = message.get("method") == "textDocument/publishDiagnostics"
    return params.get("version") if told and isinstance(params, dict) else None


def main() -> None:
    for size in SIZES:
        text = shortened(size)
        started = time.perf_counter()
        for _ in range(10):
            parse(text)
        parsing = (time.perf_counter() - started) * 100
        took = measure(text)
        ninety_five = statistics.quantiles(took, n=20)[-1]
        print(
            f"{len(text) // 1024:3} KB: {statistics.median(took):6.1f} ms  p95 {ninety_five:6.1f} ms, "
            f"{ninety_five / parsing:.1f} times parsing"
        )


if __name__ == "__main__":
    main()
