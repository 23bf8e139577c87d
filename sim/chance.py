"""Random numbers with an address.

Every draw is a function of (seed, replicate, week, purpose, actor, counterpart) and of nothing else: no stream is
consumed, so the order of the draws does not matter, two scenarios under one seed share their luck, and adding a party
moves no other party's draws. The generator is the counter-based Philox4x32-10 of Salmon, Moraes, Dror and Shaw (2011),
Parallel random numbers: as easy as 1, 2, 3, SC11.

The address fills Philox's key and counter without overlap, so different addresses are different blocks:

    key      seed, low 32 bits | seed, high 32 bits
    counter  replicate, low 32 bits | replicate, high 8 bits, week << 8, purpose << 24 | actor | counterpart

    seed 0 to 2^63 - 1, replicate below 2^40, week below 2^16, purpose below 2^8, actor and counterpart below 2^32
"""

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from sim.numerics import normal_quantile
from sim.rules.registry import rule

if TYPE_CHECKING:
    import numpy

WORD = 0xFFFFFFFF  # the 32 bits of one word; also masks a product that wrapped around in 64 signed bits
MULTIPLIER_0 = 0xD2511F53
MULTIPLIER_1 = 0xCD9E8D57
KEY_STEP_0 = 0x9E3779B9
KEY_STEP_1 = 0xBB67AE85
UNIT_52 = 2.220446049250313e-16  # two to the -52

NOBODY = 0  # the address where a draw has no actor or no counterpart


class Purpose(NamedTuple):
    """One kind of draw: its number in the address, what it decides, and whose addresses it carries."""

    name: str
    number: int
    decides: str
    actor: str
    counterpart: str


_declared: dict[int, tuple[str, str, str]] = {}


def _purpose(number: int, decides: str, actor: str, counterpart: str = "nobody") -> int:
    """Return the number of a purpose, and keep what there is to say of it."""
    _declared[number] = (decides, actor, counterpart)
    return number


COST_START = _purpose(1, "private cost of war at the start (normal)", "state")
COST_STEP = _purpose(2, "this week's step of a private cost (normal)", "state")
TYPE = _purpose(3, "whether a state is trustworthy (uniform)", "state")
INTELLIGENCE = _purpose(4, "error of the first intelligence signal (normal)", "observer", "state observed")
FRONT_STEP = _purpose(5, "this week's shock to the front (normal)", "nobody")
GOODWILL = _purpose(6, "whether a state joins talks it gains too little from (uniform)", "state")
CONVENING = _purpose(7, "whether a table all would join opens (uniform)", "nobody")
FIRST_PROPOSER = _purpose(8, "who proposes first at an opening (uniform)", "nobody")
BLOCKING = _purpose(9, "whether a refusing excluded state blocks (uniform)", "excluded state")
RATIFICATION = _purpose(10, "the domestic shock to ratification (normal)", "state")
BREACH = _purpose(11, "whether a belligerent breaks the agreement (uniform)", "belligerent")
SPOILING = _purpose(12, "whether spoilers break the agreement (uniform)", "excluded state")
MESSAGE_BIT = _purpose(13, "whether a meeting is misrepresented (uniform)", "channel", "audience")
MESSAGE_NOISE_OUT = _purpose(
    14, "noise of a message to the audience (normal)", "pair of channel and audience", "state spoken of"
)
MESSAGE_NOISE_IN = _purpose(
    15, "noise of a message to the home government (normal)", "pair of channel and audience", "state spoken of"
)
TRANSFER_HOME = _purpose(16, "whether home's decision-makers hear (uniform)", "channel", "audience")
TRANSFER_AUDIENCE = _purpose(17, "whether the audience's hear (uniform)", "channel", "audience")
CHECK = _purpose(18, "whether the audience checks with the home government (uniform)", "channel", "audience")
CLAIM = _purpose(19, "whether a meeting conveys an escalation claim (uniform)", "channel", "audience")
LEAK = _purpose(20, "whether a secret channel leaks (uniform)", "channel")
DENIAL = _purpose(21, "whether the home government denies a leak (uniform)", "channel")
BREAKDOWN = _purpose(24, "whether the refusal of an offer ends the talks (uniform)", "nobody")
PARAMETER = _purpose(22, "a parameter's value in this replicate (uniform)", "parameter")
HOST_LEAK = _purpose(25, "whether the host of a secret channel leaks (uniform)", "channel", "host")
WILLING = _purpose(26, "whether officials come to a meeting (uniform)", "pair of channel and audience", "their state")

# A purpose is a plain number to the rules and to compiled code; its name is that of the constant.
PURPOSES = tuple(
    Purpose(name, value, *_declared[value])
    for name, value in list(globals().items())
    if type(value) is int and value in _declared
)


@rule
def philox(
    counter_0: int, counter_1: int, counter_2: int, counter_3: int, key_0: int, key_1: int
) -> tuple[int, int, int, int]:
    """Return the four 32-bit words of Philox4x32-10 at a counter, under a key (Salmon et al. 2011).

    The mask after the shift is not idle: in 64 signed bits the product may be negative, and its shift is then too.
    """
    for _ in range(10):
        product_0 = MULTIPLIER_0 * counter_0
        product_1 = MULTIPLIER_1 * counter_2
        counter_0 = ((product_1 >> 32) & WORD) ^ counter_1 ^ key_0
        counter_2 = ((product_0 >> 32) & WORD) ^ counter_3 ^ key_1
        counter_1 = product_1 & WORD
        counter_3 = product_0 & WORD
        key_0 = (key_0 + KEY_STEP_0) & WORD
        key_1 = (key_1 + KEY_STEP_1) & WORD
    return counter_0, counter_1, counter_2, counter_3


@rule
def occasion_word(replicate: int, week: int, purpose: int) -> int:
    """Return the counter word that holds the purpose, the week and the high bits of the replicate."""
    return (replicate >> 32) & 0xFF | week << 8 | purpose << 24


@rule
def uniform(seed: int, replicate: int, week: int, purpose: int, actor: int, counterpart: int) -> float:
    """Return the uniform draw at an address, strictly between 0 and 1: an odd multiple of two to the -53."""
    first, second, _, _ = philox(
        replicate & WORD,
        occasion_word(replicate, week, purpose),
        actor,
        counterpart,
        seed & WORD,
        (seed >> 32) & WORD,
    )
    return ((first << 20 | second >> 12) + 0.5) * UNIT_52


@rule
def normal(seed: int, replicate: int, week: int, purpose: int, actor: int, counterpart: int) -> float:
    """Return the standard normal draw at an address: the quantile of the uniform draw there."""
    return normal_quantile(uniform(seed, replicate, week, purpose, actor, counterpart))


def address(name: str) -> int:
    """Return the 32-bit address of a name, the same in every process (BLAKE2b)."""
    return _digest(name.encode("utf-8"), b"name")


def pair_address(first: str, second: str) -> int:
    """Return the 32-bit address of an ordered pair of names."""
    head = first.encode("utf-8")
    return _digest(len(head).to_bytes(8, "big") + head + second.encode("utf-8"), b"pair")


def generator(seed: int, purpose: str) -> "numpy.random.Generator":
    """Return a NumPy generator for work outside the model: designs, bootstraps, samplers of libraries."""
    import numpy

    sequence = numpy.random.SeedSequence(seed, spawn_key=(address(purpose),))
    return numpy.random.Generator(numpy.random.PCG64(sequence))


def _digest(message: bytes, kind: bytes) -> int:
    """Return the 32-bit BLAKE2b hash of a message; kinds of message are kept apart."""
    return int.from_bytes(hashlib.blake2b(message, digest_size=4, person=kind).digest(), "big")
