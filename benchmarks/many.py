"""Many documents: time and memory of ``lint`` for 2,000 and 20,000, with one process and with one for each processor.

The documents are real ones where a collection stands beside the project, else those of the examples, copied as often as
it takes; each copy differs a little, so that nothing is known from the one before.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

ROOT = Path(__file__).parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
SIZES = (2_000, 20_000)


def documents() -> list[bytes]:
    """The texts to copy."""
    found = [path for path in CORPUS.rglob("*") if path.suffix in (".xml", ".cshtml", ".policy")]
    paths = found or list((ROOT / "examples").rglob("*.xml"))
    return [path.read_bytes() for path in sorted(paths)]


def fill(folder: Path, texts: list[bytes], number: int) -> None:
    """Write so many documents, a few hundred in a folder."""
    for index, text in enumerate(islice(cycle(texts), number)):
        place = folder / f"{index // len(texts):04}"
        place.mkdir(exist_ok=True)
        varied = text.replace(b"context.Request", b"context .Request" if index % 2 else b"context. Request")
        (place / f"{index:05}.xml").write_bytes(varied)


def run(folder: Path, jobs: int) -> tuple[float, float]:
    """Seconds, and the greatest memory of the run in megabytes."""
    program = (
        "import resource, sys; from apim_policy.cli.main import main; "
        "main(sys.argv[1:]); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )
    arguments = ["lint", "--no-config", "--statistics", "--jobs", str(jobs)]
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return time.perf_counter() - started, int(done.stderr.split()[-1]) / 1024


def main() -> None:
    texts = documents()
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    for jobs in dict.fromkeys((1, processors)):
        before: tuple[float, float] | None = None
        for number in SIZES:
            with tempfile.TemporaryDirectory() as folder:
                fill(Path(folder), texts, number)
                seconds, megabytes = run(Path(folder), jobs)
            line = f"{number:6,} documents, {jobs} job{'s' if jobs > 1 else ' '}: {seconds:6.1f} s, {megabytes:5.0f} MB"
            if before is not None:
                line += f"; {seconds / before[0]:.1f} times the time, {megabytes / before[1]:.2f} times the memory"
            print(line, flush=True)
            before = seconds, megabytes


if __name__ == "__main__":
    main()
