"""Measure the checks of C# syntax: that their time grows with the text alone, and what they cost on real documents.

    python benchmarks/expressions.py

Ratios are those of the times at ten times the size: 10 is linear, 100 quadratic. The grammar's own time, which a tree
takes to build, stands apart from that of the checks over it.
"""

from __future__ import annotations

import gc
import itertools
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from apim_policy.csharp.code import Code, code_of
from apim_policy.csharp.control_flow import missing_return
from apim_policy.csharp.language import barred, newer
from apim_policy.csharp.syntax_errors import quoted_strings, syntax_error
from apim_policy.syntax.parser import parse

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT / "tests"))

from corpus.measure import CORPUS, documents  # noqa: E402
from support.csharp import CASES, hostile_expression  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (10_000, 100_000, 1_000_000)
SUSPECT_RATIO = 20
# Times below this, in seconds, say more about the machine than about the checks.
SHORT = 0.02


def main() -> None:
    gc.disable()
    real()
    print(f"\n{'seconds at 10 KB, 100 KB and 1 MB':22}{'grammar':>28}{'checks':>27}   ratios")
    ratios = [growth(name) for name in CASES]
    print(f"\ngreatest ratio of the checks: {max(ratios):.1f}")


def real() -> None:
    """What grammar and checks cost on the expressions of real documents."""
    if not CORPUS.is_dir():
        print(f"no documents at {CORPUS}")
        return
    parsed = [parse(text) for _, text in documents()]
    codes = {
        code_of(document, expression)
        for document in parsed
        for expression in document.expressions()
        if expression.closed
    }
    grammar = timed(lambda: [code.tree.root_node.has_error for code in codes])
    checks = timed(lambda: [check(code) for code in codes])
    print(
        f"{len(codes)} distinct expressions: {grammar:.3f} s for the grammar, {checks:.3f} s for the checks"
    )


def growth(name: str) -> float:
    """Print one row; the greatest ratio between neighbours, 0 where the times are too short to tell."""
    grammar: list[float] = []
    checks: list[float] = []
    for size in SIZES:
        code = Code(hostile_expression(name, size), escaped=False)
        grammar.append(timed(lambda code=code: code.tree.root_node.has_error))
        checks.append(timed(lambda code=code: check(code)))
    ratios = [later / max(earlier, 1e-4) for earlier, later in itertools.pairwise(checks) if later > SHORT]
    columns = "".join(f"{took:9.3f}" for took in (*grammar, *checks))
    flag = "  more than linear" if max(ratios, default=0) > SUSPECT_RATIO else ""
    print(f"{name:22}{columns}   " + " ".join(f"{ratio:5.1f}" for ratio in ratios) + flag, flush=True)
    return max(ratios, default=0.0)


def check(code: Code) -> None:
    """All that is asked of the syntax of one expression."""
    syntax_error(code)
    quoted_strings(code)
    missing_return(code)
    newer(code)
    barred(code)


def timed(run: Callable[[], object]) -> float:
    """The processor time of one run, in seconds."""
    gc.collect()
    started = time.process_time()
    run()
    return time.process_time() - started


if __name__ == "__main__":
    main()
