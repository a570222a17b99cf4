"""The statistics of a bilan that need an interval: a paired mean, a share.

Pure functions; formulas, units and sources stand in `docs/methode.md`. Rounding is left to whoever writes the number.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, mean, stdev
from typing import Final

NIVEAU: Final = 0.95
_Z: Final = NormalDist().inv_cdf((1 + NIVEAU) / 2)  # 1.959964


@dataclass(frozen=True, slots=True)
class Intervalle:
    """An estimate with the bounds of its 95 % interval, all in the unit of the estimate."""

    valeur: float
    bas: float
    haut: float


def quantile_student(ddl: int) -> float:
    """The 97.5 % quantile of Student's t with `ddl` degrees of freedom, 4 or more.

    Cornish-Fisher expansion to the fourth order (Abramowitz and Stegun, 26.7.5): wrong by less than 0.00001 from
    10 degrees on, which is what a base of 11 gives. ValueError under 4, where it would not hold.
    """
    if ddl < 4:
        raise ValueError("The expansion holds from 4 degrees of freedom on.")
    z = _Z
    g1 = (z**3 + z) / 4
    g2 = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    g3 = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    g4 = (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160
    return z + g1 / ddl + g2 / ddl**2 + g3 / ddl**3 + g4 / ddl**4


def moyenne(ecarts: Sequence[float]) -> Intervalle:
    """The mean of paired differences with its 95 % interval: m ± t × s / √n. ValueError under 5 pairs."""
    n = len(ecarts)
    if n < 5:
        raise ValueError("An interval is given on 5 pairs or more.")
    m = mean(ecarts)
    marge = quantile_student(n - 1) * stdev(ecarts) / math.sqrt(n)
    return Intervalle(m, m - marge, m + marge)


def part(oui: int, base: int) -> Intervalle:
    """A share with Wilson's 95 % score interval, all between 0 and 1. ValueError without a base, or beyond it."""
    if not 0 <= oui <= base or base == 0:
        raise ValueError("A share is that of a part of a base.")
    p, z2 = oui / base, _Z**2
    centre = (p + z2 / (2 * base)) / (1 + z2 / base)
    marge = _Z * math.sqrt(p * (1 - p) / base + z2 / (4 * base**2)) / (1 + z2 / base)
    return Intervalle(p, max(0.0, centre - marge), min(1.0, centre + marge))
