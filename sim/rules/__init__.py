"""The formulas of the science, one mechanism a file: pure functions of named numbers, which know nothing of who calls them.

Who does what when is in sim/steps, which calls them; what searches over whole deals is in sim/search.
"""

WEEK = (
    ("intervene", "dated changes of the scenario take effect"),
    ("fight", "costs of war wander, aid is sent, the front moves unless an agreement is in force"),
    ("meet", "channels meet: messages, checks, claims"),
    ("expose", "secret channels may leak; the home government denies or is silent"),
    ("keep", "an agreement in force is kept, broken or spoiled, and trust moves"),
    ("negotiate", "the table opens, plays a round, signs, ratifies or fails"),
    ("record", "the week is written down"),
)
