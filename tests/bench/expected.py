"""The alerts of the Payments workload, by brute force: rule by rule, over each card's payments, as the rules read.

Times are milliseconds, amounts cents. Every deadline has passed at the end.
"""

import collections

MASK = (1 << 64) - 1
TEN_MINUTES, HALF_MINUTE, HOUR = 600_000, 30_000, 3_600_000

Payment = collections.namedtuple("Payment", "at merchant cents")


def splitmix64(state):
    """Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014."""
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = ((state ^ state >> 30) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ z >> 27) * 0x94D049BB133111EB) & MASK
        yield z ^ z >> 31


def cards_of(events):
    """The payments of each card, in their order."""
    draw = splitmix64(42)
    cards = collections.defaultdict(list)
    for at in range(events):
        card, p, z, merchant = next(draw) % 100_000, next(draw) % 10, next(draw), next(draw) % 1_000
        cents = 1 + z % 199 if p < 2 else 50_001 + z % 40_000 if p == 2 else 200 + z % 49_801
        cards[card].append(Payment(at, merchant, cents))
    return cards


def test_then_real(payments, limits):
    """For each of the limits that a small payment stays under."""
    def alerts(i, large):
        tests = [small.cents for small in payments[:i]
                 if small.merchant != large.merchant and large.at - small.at <= TEN_MINUTES]
        return sum(any(cents < below for cents in tests) for below in limits)
    return sum(alerts(i, large) for i, large in enumerate(payments) if large.cents > 50_000)


def velocity(payments):
    return sum(sum(p.at - before.at <= TEN_MINUTES for before in payments[:i + 1]) > 8 for i, p in enumerate(payments))


def silence(payments):
    return sum(big.cents > 80_000 and not any(later.at - big.at <= HALF_MINUTE for later in payments[i + 1:])
               for i, big in enumerate(payments))


def unusual(payments):
    def alerts(i, p):
        prior = [before.cents for before in payments[:i] if p.at - before.at <= HOUR]
        return len(prior) >= 5 and p.cents * len(prior) > 3 * sum(prior)
    return sum(alerts(i, p) for i, p in enumerate(payments))


RULES = {
    "r1": lambda payments: test_then_real(payments, [200]),
    "r2": velocity,
    "r2-pattern": velocity,
    "r3": silence,
    "r4": unusual,
    "x100": lambda payments: test_then_real(payments, range(200, 300)),
}


def alerts(rules, events):
    """How often each of `rules` alerts."""
    cards = cards_of(events)
    return {rule: sum(RULES[rule](payments) for payments in cards.values()) for rule in rules}
