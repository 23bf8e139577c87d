"""How many steps something takes, counted instead of timed: a busy machine takes no more of them."""

import sys


def steps_of(action):
    """Return how many lines of Python are run, a line once for each turn of a loop in it, while something is done."""
    steps = 0

    def count(frame, event, what):
        nonlocal steps
        steps += 1
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        action()
    finally:
        sys.settrace(before)
    return steps
