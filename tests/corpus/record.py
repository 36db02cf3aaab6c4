"""Record the figures that this state reaches on the corpus: ``make ratchet``.

python tests/corpus/record.py            write the record where nothing got worse
python tests/corpus/record.py --force    write it even so
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from corpus.measure import CORPUS, RECORD, SCORER, Figures, losses, measure, read_record


def main() -> int:
    options = argparse.ArgumentParser(
        description="Record the figures reached on the corpus of real documents."
    )
    options.add_argument(
        "--force", action="store_true", help="write them even where they are worse than before"
    )
    force = options.parse_args().force
    if not SCORER.is_file():
        print(f"no scorer at {SCORER}, which measures {CORPUS}: nothing to record", file=sys.stderr)
        return 2
    now = measure()
    print(summary(now))
    worse = losses(read_record(), now) if RECORD.is_file() else []
    for sentence in worse:
        print(f"worse: {sentence}", file=sys.stderr)
    if worse and not force:
        print(f"{RECORD.name} stays as it is; --force records the worse figures", file=sys.stderr)
        return 1
    RECORD.write_text(json.dumps(now.as_dict(), indent=2) + "\n", "utf-8")
    print(f"recorded in {RECORD.name}")
    return 0


def summary(figures: Figures) -> str:
    """The figures as a table."""
    lines = [f"accepted {figures.accepted} of {figures.documents} documents"]
    for name, planted in figures.planted.items():
        cascades = figures.cascades[name]
        more = f", {cascades} with more than one finding" if cascades else ""
        lines.append(f"  {name:24} {figures.reported[name]:3} of {planted}{more}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
