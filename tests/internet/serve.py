"""The test Internet by itself: says where it is in one line of JSON, and serves until its standard input ends."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from internet.names import WORLD
from internet.towns import trial_list
from internet.web import the_internet


def main() -> None:
    """Serve, and end with whoever asked for it."""
    with the_internet() as net:
        towns = net.told.with_name("towns.csv")
        towns.write_text(trial_list(WORLD), encoding="utf-8")
        where = {"address": net.names.address, "port": net.names.port, "told": str(net.told), "towns": str(towns)}
        print(json.dumps(where), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
