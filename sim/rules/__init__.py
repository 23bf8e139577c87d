"""What happens: all the science, one mechanism a file, in small pure functions.

The order of play in a week is written once, here. Each engine has one function a step, under the same name, and follows
this table; beliefs and trust are used as the step before left them.
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
