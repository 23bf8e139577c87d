"""Settings of all tests: Hypothesis draws the same examples in every run.

A run that fails can then be run again, and one that passes says the same tomorrow. `HYPOTHESIS_PROFILE=explore` draws anew.
"""

import os

from hypothesis import settings

settings.register_profile("fixed", derandomize=True)
settings.register_profile("explore", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))
