"""Where real documents are, and what a scorer outside this project says of the linter on them.

The documents and the scorer are data beside the project, not part of it; whatever uses them says so and goes on
without where they are absent.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

_BESIDE = Path(__file__).resolve().parents[3] / "shared"
CORPUS = _BESIDE / "corpus"
SCORER = _BESIDE / "score" / "score.py"
RECORD = Path(__file__).with_name("record.json")

_ACCEPTED = re.compile(r"^accept: (\d+) of (\d+) documents", re.M)
_CLASS = re.compile(r"^ {2}(\w+) +(\d+)/(\d+)(?: +(\d+) with more than one finding)?", re.M)


@dataclass(frozen=True)
class Figures:
    """What the linter reaches on the corpus."""

    documents: int
    accepted: int
    """Documents without an error-level finding, of those that should have none."""
    planted: dict[str, int]
    """Faults put into documents, by class."""
    reported: dict[str, int]
    """How many of them are reported in place, by class."""
    cascades: dict[str, int]
    """How many of those bring more than one finding, by class."""

    def as_dict(self) -> dict[str, object]:
        """The figures as they stand in the record."""
        return asdict(self)


def measure() -> Figures:
    """Run the scorer on this state of the project. Raises RuntimeError with its output where it fails."""
    command = shlex.join([sys.executable, "-m", "apim_policy"])
    done = subprocess.run(
        [sys.executable, str(SCORER), "all"],
        capture_output=True,
        text=True,
        env={**os.environ, "APIM_POLICY": command},
        check=False,
    )
    figures = read_figures(done.stdout) if done.returncode == 0 else None
    if figures is None:
        raise RuntimeError(f"the scorer gave no figures\n{done.stdout}\n{done.stderr}")
    return figures


def read_figures(output: str) -> Figures | None:
    """The figures in what the scorer prints; None where there are none."""
    accepted = _ACCEPTED.search(output)
    rows = _CLASS.findall(output)
    if accepted is None or not rows:
        return None
    return Figures(
        documents=int(accepted[2]),
        accepted=int(accepted[1]),
        planted={name: int(planted) for name, _, planted, _ in rows},
        reported={name: int(reported) for name, reported, _, _ in rows},
        cascades={name: int(cascades or 0) for name, _, _, cascades in rows},
    )


def read_record() -> Figures:
    """The figures that were reached before."""
    return Figures(**json.loads(RECORD.read_text("utf-8")))


def losses(record: Figures, now: Figures) -> list[str]:
    """A sentence for each figure that is worse than the record."""
    found = []
    if record.documents - record.accepted < now.documents - now.accepted:
        found.append(
            f"{now.accepted} of {now.documents} documents are accepted; the record is {record.accepted} of {record.documents}"
        )
    for name, reported in record.reported.items():
        planted = record.planted[name]
        reached = now.reported.get(name, 0)
        if reached < reported:
            found.append(
                f"{name}: {reached} of {planted} faults are reported in place; the record is {reported}"
            )
        more, before = now.cascades.get(name, 0), record.cascades[name]
        if more > before:
            found.append(f"{name}: {more} faults bring more than one finding; the record is {before}")
    return found


def documents() -> list[tuple[Path, str]]:
    """The policy documents of the corpus, as the scorer finds them."""
    found: list[tuple[Path, str]] = _module(SCORER).documents(CORPUS)
    return found


def floor(texts: list[str]) -> None:
    """What the scorer compares times with: mask each text and parse it with lxml."""
    from lxml import etree

    mask = _module(SCORER.with_name("mask.py")).mask
    for text in texts:
        twin = re.sub(r"^\ufeff?\s*<\?xml.*?\?>", "", mask(text)[0], flags=re.S).strip()
        try:
            etree.fromstring(twin)
        except etree.XMLSyntaxError:
            continue


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"scorer_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no module")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
