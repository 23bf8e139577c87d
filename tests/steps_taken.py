"""How many steps something takes, counted instead of timed: a busy machine takes no more of them."""

import sys


def calls_of(action):
    """Return how many functions, of Python and of C, are called while something is done."""
    calls = 0

    def count(frame, event, what):
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        action()
    finally:
        sys.setprofile(None)
    return calls
