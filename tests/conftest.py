"""Settings of all tests.

Hypothesis draws the same examples in every run: one that fails can be run again, and one that passes says the same
tomorrow. `HYPOTHESIS_PROFILE=explore` draws anew. No example has a deadline: how fast it goes says how busy a machine is.

Ctrl-C is heard by what the tests start even where they run in the background of a shell, which lets them ignore it.
"""

import os
import signal

from hypothesis import settings

settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("explore", derandomize=False, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
