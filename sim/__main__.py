"""`python -m sim` is the command `sim`: what stands here comes before anything is imported that takes its time.

Ctrl-C is a line and status 130 from here on, and streams that are closed are opened: a file that is opened later would
take their number, and what is meant for a reader would be written into it.
"""

from __future__ import annotations

import os
import sys

_INTERRUPTED = 130
_STREAMS = (("stdin", os.O_RDONLY, "r"), ("stdout", os.O_RDONLY, "w"), ("stderr", os.O_WRONLY, "w"))


def main() -> int:
    """Run the command line and return its exit status."""
    try:
        import signal

        sys.unraisablehook = _unraisable
        _open_closed_streams()
        from sim.cli import main as run

        status = run()
        signal.signal(
            signal.SIGINT, signal.SIG_DFL
        )  # all is done, and nobody is told how far Python's own end has come
    except KeyboardInterrupt:
        _leave_interrupted()
    return status


def _open_closed_streams() -> None:
    """Let standard streams that are closed lead nowhere; what is written to the output fails, as its reader is not there."""
    for number, (name, flags, mode) in enumerate(_STREAMS):
        if getattr(sys, name) is None and os.open(os.devnull, flags) == number:
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


def _unraisable(what: sys.UnraisableHookArgs) -> None:
    """Leave if Ctrl-C came where Python lets nothing through, as while something is taken apart; tell the rest as usual."""
    if issubclass(what.exc_type, KeyboardInterrupt):
        _leave_interrupted()
    sys.__unraisablehook__(what)


def _leave_interrupted() -> None:
    """End now, in a line: whatever is written to disk is there whole or not at all."""
    try:
        os.write(2, b"sim: interrupted\n")
    finally:
        os._exit(_INTERRUPTED)


if __name__ == "__main__":
    sys.exit(main())
