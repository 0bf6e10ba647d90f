"""How likely so few would be by chance, where so many are usual."""

from math import exp, lgamma, log

UNLIKELY = 0.001
"""What happens by chance less than once in a thousand times is told."""


def chance_of_so_few(count: int, usual: float) -> float:
    """How likely `count` or fewer are where `usual` are, if each comes by itself (Poisson).

    Both are at least nought. It is the plain sum of the chances of 0, 1, 2 ... `count`.
    """
    if usual <= 0:
        return 1.0
    terms = (exp(number * log(usual) - usual - lgamma(number + 1)) for number in range(count + 1))
    return min(1.0, sum(terms))
