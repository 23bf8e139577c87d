"""How a war can end, and how talks can fail."""

OUTCOMES = (
    "success",
    "in_force_unproven",
    "never_opened",
    "impasse",
    "vetoed",
    "not_ratified",
    "broken",
    "decided_by_force",
)
FAILURES = ("impasse", "vetoed", "not_ratified", "broken")
IMPASSE, VETOED, NOT_RATIFIED, BROKEN = range(4)  # places in FAILURES

# Outcomes as numbers: 1 + the place in OUTCOMES, so that 0 is a war that goes on. Failures stand there in their order.
SUCCESS, IN_FORCE_UNPROVEN, NEVER_OPENED, IMPASSE_OUTCOME = range(1, 5)
DECIDED_BY_FORCE = 8
