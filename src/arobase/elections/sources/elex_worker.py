"""Runs under the Python of elex-model's own environment: one town a line in, its projection or its refusal a line out.

It imports nothing of Arobase. In: {"units": [[id, former votes, former valid, votes, valid, is reporting], …]}. Out:
{"votes", "low", "high"} (leader's votes in the whole town, with the 90 % interval), or {"refused": why}.
"""

import json
import logging
import os
import sys
import warnings
from typing import Any

ELECTION, OFFICE, UNIT = "2019-05-26_FR_S", "S", "county"
LEVEL = 0.9


def main() -> None:
    """Answer each line until standard input ends."""
    os.environ.setdefault("APP_ENV", "local")
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-3")
    warnings.simplefilter("ignore")
    from elexmodel.client import ModelClient  # optional dependency

    logging.disable(logging.CRITICAL)
    for line in sys.stdin:
        answer: dict[str, Any]
        try:
            answer = {**projected(ModelClient(), json.loads(line)["units"])}
        except Exception as error:  # noqa: BLE001 - whatever a peer refuses with is its answer
            answer = {"refused": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def projected(client: Any, units: list[list[Any]]) -> dict[str, float]:
    """What elex-model's non-parametric model says of the sum of the leader's votes."""
    import pandas  # optional dependency

    before = pandas.DataFrame(
        [[one[0], "FR", one[0], max(one[1], 1), max(one[2], 1)] for one in units],
        columns=["geographic_unit_fips", "postal_code", "county_fips", "baseline_leader", "baseline_turnout"],
    )
    columns = ["geographic_unit_fips", "postal_code", "results_leader", "results_turnout", "percent_expected_vote"]
    now = pandas.DataFrame(
        [[one[0], "FR", *((one[3], one[4], 100) if one[5] else (0, 0, 0))] for one in units], columns=columns
    )
    found = client.get_estimates(
        now,
        ELECTION,
        OFFICE,
        ["leader"],
        prediction_intervals=[LEVEL],
        percent_reporting_threshold=100,
        geographic_unit_type=UNIT,
        raw_config={ELECTION: [_config()]},
        preprocessed_data=before,
        model_parameters={"turnout_factor_lower": 0.1, "turnout_factor_upper": 10.0},
        aggregates=["postal_code"],
        pi_method="nonparametric",
        save_output=[],
    )
    row = found["state_data"].iloc[0]
    low, high = (float(row[f"{end}_{LEVEL}_leader"]) for end in ("lower", "upper"))
    return {"votes": float(row["pred_leader"]), "low": low, "high": high}


def _config() -> dict[str, Any]:
    return {
        "office": OFFICE,
        "states": ["FR"],
        "geographic_unit_types": [UNIT],
        "historical_election": [],
        "features": [],
        "aggregates": ["postal_code", "unit"],
        "fixed_effect": [],
        "baseline_pointer": {"leader": "leader", "turnout": "turnout"},
    }


if __name__ == "__main__":
    main()
