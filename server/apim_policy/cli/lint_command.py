"""``apim-policy lint``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.cli.inputs import STDIN
from apim_policy.cli.main import UsageError
from apim_policy.cli.session import Session

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from apim_policy.rules.model import Diagnostic


def run(options: Namespace) -> int:
    """Check documents and report; the exit status."""
    _check(options)
    baseline = None
    if options.baseline is not None or options.add_suppressions:
        from apim_policy.cli import accepting
    if options.baseline is not None:
        baseline = accepting.read(options.baseline, may_be_new=options.write_baseline)
    session = Session(options)
    if options.changed_since is not None:
        from apim_policy.cli.narrowing import narrow

        narrow(session, options.changed_since)
    everything = session.lint()
    if options.add_suppressions:
        accepting.suppress(session, accepting.hide(session, baseline, everything))
        everything = session.lint()
    if baseline is not None and options.write_baseline:
        baseline = accepting.renew(session, baseline, everything)
    found: Sequence[Diagnostic] = everything
    if baseline is not None:
        found = accepting.hide(session, baseline, everything)
        accepting.remark(session, baseline, everything)
    session.remark()
    session.report(found)
    return session.status(found)


def _check(options: Namespace) -> None:
    """Raise UsageError for options that make no sense together."""
    if options.write_baseline and options.baseline is None:
        raise UsageError("--write-baseline needs --baseline FILE, which says where to write.")
    if options.add_suppressions:
        if options.write_baseline:
            raise UsageError(
                "--add-suppressions and --write-baseline both accept what is found: give only one."
            )
        if STDIN in options.paths:
            raise UsageError("--add-suppressions writes into files, so it takes no standard input.")
