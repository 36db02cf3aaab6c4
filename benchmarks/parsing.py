"""Measure the parser: how it compares with lxml on real documents, and that its time grows with the text alone.

    python benchmarks/parsing.py            a few minutes
    python benchmarks/parsing.py --full     every hostile text at 5 MB too

Ratios are those of the times at ten times the size: 10 is linear, 100 quadratic. Python's garbage collector rests
while a growing text is measured: what it costs grows with all that lives, not with the work of the parser.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from apim_policy.syntax.lxml_bridge import to_lxml
from apim_policy.syntax.parser import parse

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT / "tests"))

from corpus.measure import CORPUS, documents, floor  # noqa: E402
from support.hostile import CASES, hostile  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (50_000, 500_000, 5_000_000)
# What everybody expects to be asked about; measured at every size, the others up to the second.
NAMED = (
    "open tags",
    "unclosed expressions",
    "unclosed expressions in attributes",
    "one line of text",
    "one line of value",
)
RUNS = (7, 3, 1)
SUSPECT_RATIO = 20
# Times below this, in seconds, say more about the machine than about the parser.
SHORT = 0.05


def main() -> None:
    options = argparse.ArgumentParser(description="Measure the parser of policy documents.")
    options.add_argument("--full", action="store_true", help="parse every hostile text at 5 MB too")
    full = options.parse_args().full
    against_lxml()
    gc.disable()
    print(f"\n{'microseconds for each character at':45}    50 KB   500 KB     5 MB   ratios")
    ratios = [growth("a sound document, over and over", sound, SIZES)]
    for name in CASES:
        sizes = SIZES if full or name in NAMED else SIZES[:2]
        ratios.append(growth(name, lambda size, name=name: sized(name, size), sizes))
    print(f"\ngreatest ratio: {max(ratios):.1f}")


def against_lxml() -> None:
    if CORPUS.is_dir():
        texts = [text for _, text in documents()]
        name, base = "mask and lxml", best(lambda: floor(texts))
    else:
        print(f"no documents at {CORPUS}: measuring the examples of this project")
        texts = [path.read_text("utf-8") for path in sorted((PROJECT / "examples").rglob("*.xml"))]
        twins = [parse(text) for text in texts]
        name, base = "mask and lxml, of parsed documents", best(lambda: [to_lxml(twin) for twin in twins])
    took = best(lambda: [parse(text) for text in texts])
    length = sum(map(len, texts))
    print(
        f"{len(texts)} documents of {length:,} characters: {took:.3f} s to parse, {took / length * 1e6:.3f} us for each character"
    )
    print(f"{name}: {base:.3f} s; ratio {took / base:.2f}")


def growth(name: str, make: Callable[[int], str], sizes: tuple[int, ...]) -> float:
    """Print one row; the greatest ratio between neighbours, 0 where the times are too short to tell."""
    times: list[float] = []
    row = f"{name:45}"
    for size, runs in zip(sizes, RUNS, strict=False):
        text = make(size)
        took = best(lambda text=text: parse(text), runs)
        times.append(took * size / len(text))
        row += f"{took / len(text) * 1e6:9.3f}"
    row += " " * 9 * (len(SIZES) - len(sizes))
    ratios = [later / earlier for earlier, later in itertools.pairwise(times)]
    told = [ratio for ratio, took in zip(ratios, times[1:], strict=True) if took > SHORT]
    flag = "  more than linear" if told and max(told) > SUSPECT_RATIO else ""
    print(row + "   " + " ".join(f"{ratio:5.1f}" for ratio in ratios) + flag, flush=True)
    return max(told, default=0.0)


def sized(name: str, size: int) -> str:
    """A hostile text of about ``size`` characters."""
    bare, once = len(hostile(name, 0)), len(hostile(name, 1))
    return hostile(name, max(1, (size - bare) // (once - bare)))


def sound(size: int) -> str:
    """A sound document of about ``size`` characters, whose policies repeat."""
    body = """
        <set-variable name="caller" value="@(context.Request.Headers.GetValueOrDefault("Authorization", ""))" />
        <choose>
            <when condition="@(context.Variables.ContainsKey("caller") && ((string)context.Variables["caller"]).Length > 7)">
                <set-header name="X-Caller" exists-action="override">
                    <value>@{
                        // The scheme isn't wanted: only what follows it.
                        var parts = ((string)context.Variables["caller"]).Split(' ');
                        return $"{{tenant}}/{parts[parts.Length - 1]}";
                    }</value>
                </set-header>
            </when>
            <otherwise>
                <return-response>
                    <set-status code="401" reason="Unauthorized" />
                </return-response>
            </otherwise>
        </choose>"""
    times = max(1, size // len(body))
    return f"<policies>\n    <inbound>\n        <base />{body * times}\n    </inbound>\n</policies>\n"


def best(run: Callable[[], object], runs: int = 3) -> float:
    """The shortest processor time of a few runs, in seconds."""
    times = []
    for _ in range(runs):
        gc.collect()
        started = time.process_time()
        run()
        times.append(time.process_time() - started)
    return min(times)


if __name__ == "__main__":
    main()
