"""What is said at a meeting, and how clearly.

Outward, a channel tells its audience about the home state and about other belligerents; inward, it tells home about the
audience. Officials (track 1) state the official position, their cost understated by bluff. Former officials convey the
truth, unless they misrepresent: then the side they speak for looks readier to settle by their shading. Inward they relay
part of the audience's bluff, by their lean.
"""

from sim.rules.registry import rule


@rule
def official_message(log_cost, bluff, cost_sd, error):
    """Return what an official says of its own log cost: understated by `bluff` prior sd; `error` is noise."""
    return log_cost - bluff * cost_sd + error


@rule
def outward_message(log_cost, misrepresented, shading, cost_sd, error):
    """Return what an audience hears of a log cost: shaded by `shading` prior sd if the meeting is misrepresented."""
    if misrepresented > 0:
        return log_cost + shading * cost_sd + error
    return log_cost + error


@rule
def inward_message(log_cost, lean, bluff, cost_sd, error):
    """Return what home hears of the audience's log cost: its bluff, relayed to the share `lean`."""
    return log_cost - lean * bluff * cost_sd + error


@rule
def message_noise(noise, acuity, access, second_hand):
    """Return the sd of a message's error: sharper by acuity and access, duller by the factor `second_hand`."""
    return noise * second_hand / (acuity * access)


@rule
def is_false(misrepresented, shading, cost_sd):
    """Return 1 if a check of a meeting would show a falsehood: misrepresented, and the shading moved something."""
    if misrepresented > 0 and shading * cost_sd > 0.0:
        return 1
    return 0


@rule
def drifted_lean(lean, susceptibility):
    """Return an envoy's lean after another round of meetings: drawn toward 1."""
    return lean + susceptibility * (1.0 - lean)


@rule
def meeting_due(week, start, end, cadence):
    """Return 1 in the weeks in which a channel meets, else 0."""
    if week < start or week > end:
        return 0
    if (week - start) % cadence == 0:
        return 1
    return 0
