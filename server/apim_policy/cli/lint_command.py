"""``apim-policy lint``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.cli.main import UsageError
from apim_policy.cli.session import Session

if TYPE_CHECKING:
    from argparse import Namespace


def run(options: Namespace) -> int:
    """Check documents and report; the exit status."""
    if options.write_baseline and options.baseline is None:
        raise UsageError("--write-baseline needs --baseline FILE, which says where to write.")
    baseline = None
    if options.baseline is not None:
        from apim_policy.cli import accepting

        baseline = accepting.read(options.baseline, may_be_new=options.write_baseline)
    session = Session(options)
    if options.changed_since is not None:
        from apim_policy.cli.narrowing import narrow

        narrow(session, options.changed_since)
    found = session.lint()
    if baseline is not None:
        if options.write_baseline:
            baseline = accepting.renew(session, baseline, found)
        found = accepting.hide(session, baseline, found)
    session.remark()
    session.report(found)
    return session.status(found)
