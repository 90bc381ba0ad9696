"""The Gaussian model of station shares over a whole grid of variances at once, for a finite population of ballots.

For a share p of the town, z(s) = (share(s) − p) / √(p (1 − p)) is regressed on the covariates x(s) of the stations:

    z(s) = x(s)·β + e(s),   β ~ N(0, diag λ),   e(s) ~ N(0, ρ + 1/N(s)),
    counted z(s) = z(s) + noise,   noise ~ N(0, φ (1/m(s) − 1/N(s)))

with N(s) the valid votes of the urn and m(s) those counted. β is integrated out in closed form (D. Lindley and A.
Smith, JRSS B 1972; C. Rasmussen and C. Williams, *Gaussian Processes for Machine Learning*, 2006, chapter 2), the
matrices are as small as there are covariates (Woodbury), and only the uncounted part of the town's total is
uncertain.
"""

from dataclasses import dataclass

import numpy as np

from arobase.elections.rules.projection.night import Array, Integers


@dataclass(frozen=True)
class Population:
    """S stations, n of which are counted in part or whole.

    design   S × q, the first column being 1
    size     S, units (valid votes, or registered voters for turnout); 0 where a station has none
    extra    S, variance added where the covariates of a station are unknown
    rows     n, which stations are counted
    noise    n, variance of the counted share around that of the urn; 0 where all is counted
    """

    design: Array
    size: Array
    extra: Array
    rows: Integers
    noise: Array


@dataclass(frozen=True)
class Fit:
    """For each pair of variances (R × P) and each response (M).

    log_likelihood   R × P × M, but for a constant of each response
    mean             R × P × M, of the town's total
    variance         R × P, of the town's total
    """

    log_likelihood: Array
    mean: Array
    variance: Array


def fit(population: Population, responses: Array, *, own: Array, coefficients: Array) -> Fit:
    """Likelihood of the counted shares and prediction of the town's share under each combination of variances.

    responses      n × M, counted z
    own            R, ρ
    coefficients   P × q, λ
    """
    design, rows = population.design, population.rows
    station = own[:, None] + population.extra + 1.0 / np.maximum(population.size, 1.0)  # R × S
    total = station[:, rows] + population.noise  # R × n
    inside = design[rows]
    weighted = inside[None] / total[:, :, None]
    gram = np.swapaxes(weighted, 1, 2) @ inside  # R × q × q
    moments = np.swapaxes(weighted, 1, 2) @ responses  # R × q × M
    precision = gram[:, None] + np.eye(design.shape[1]) / coefficients[None, :, None, :]
    inverse = np.linalg.inv(precision)  # R × P × q × q
    beta = inverse @ moments[:, None]  # R × P × q × M
    determinant = (
        np.linalg.slogdet(precision)[1] + np.log(coefficients).sum(axis=1) + np.log(total).sum(axis=1)[:, None]
    )
    squares = (1.0 / total) @ responses**2  # R × M
    explained = np.einsum("rqm,rpqm->rpm", moments, beta, optimize=True)
    kept = station[:, rows] / total  # share of a residual that is the station's own
    weights = population.size / max(float(population.size.sum()), 1.0)
    uncounted = np.ones(len(weights), dtype=bool)
    uncounted[rows] = False
    reach = (weights[uncounted] @ design[uncounted]) + (weights[rows] * (1.0 - kept)) @ inside  # R × q
    mean = np.einsum("rq,rpqm->rpm", reach, beta, optimize=True) + ((weights[rows] * kept) @ responses)[:, None]
    rest = station[:, uncounted] @ weights[uncounted] ** 2 + (kept * population.noise) @ weights[rows] ** 2
    variance = np.einsum("rq,rpqs,rs->rp", reach, inverse, reach, optimize=True) + rest[:, None]
    return Fit(
        log_likelihood=-0.5 * (determinant[:, :, None] + squares[:, None] - explained),
        mean=mean,
        variance=np.maximum(variance, 0.0),
    )
