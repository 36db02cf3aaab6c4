"""The command ``apim-policy``."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

PROGRAM = "apim-policy"

OK = 0
"""Nothing at or above the level of ``--fail-on``."""
FOUND = 1
"""Findings."""
MISUSED = 2
"""Wrong usage or settings, a path that does not exist, a file that could not be written."""
FAILED = 3
"""A defect of the program."""
_INTERRUPTED = 130
_PIPE_CLOSED = 141


class UsageError(Exception):
    """What was asked for makes no sense; the message says why and what to do."""


def run() -> NoReturn:
    """Run the command line of the process and end it."""
    for stream in (sys.stdout, sys.stderr):
        # A console in an old code page must not turn a finding into a failure.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    arguments = sys.argv[1:]
    if arguments[:1] == ["lsp"]:
        sys.exit(main(arguments))
    # What a single run builds lives until its end: neither to look for garbage in it nor to take it down is worth the time.
    gc.disable()
    status = main(arguments)
    sys.stderr.flush()
    os._exit(status)


def main(arguments: Sequence[str]) -> int:
    """Run one command line, without the program's name, and return the exit status. Never raises."""
    try:
        if list(arguments) in (["--version"], ["-V"]):
            from apim_policy import __version__

            print(f"{PROGRAM} {__version__}")
            return OK
        status = _dispatch(arguments)
        sys.stdout.flush()
        return status
    except UsageError as error:
        complain(str(error))
        return MISUSED
    except BrokenPipeError:
        _silence_stdout()
        return _PIPE_CLOSED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as error:
        _confess(error)
        return FAILED


def complain(message: str) -> None:
    """Tell the user on standard error, so that the report on standard output stays clean."""
    from apim_policy.report.style import printable

    print(f"{PROGRAM}: {printable(message)}", file=sys.stderr)


def _dispatch(arguments: Sequence[str]) -> int:
    from importlib import import_module

    from apim_policy.cli.arguments import parse

    options = parse(arguments)
    if isinstance(options, int):
        return options
    module = import_module(f"apim_policy.cli.{options.command}_command")
    status: int = module.run(options)
    return status


def _confess(error: Exception) -> None:
    import traceback
    from pathlib import PurePath

    frames = traceback.extract_tb(error.__traceback__)
    way = " > ".join(f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in frames[-6:])
    complain(
        f"internal error: {type(error).__name__}: {error} ({way}). This is a defect of {PROGRAM}, not of your files. "
        f"Please report this message at https://github.com/apim-policy/apim-policy/issues"
    )


def _silence_stdout() -> None:
    # The interpreter flushes standard output once more when it ends, and would complain about the closed pipe.
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
