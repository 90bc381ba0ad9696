"""What others' libraries say of a badge: Digital Bazaar's, with the contexts of the Digital Credentials Consortium."""

import json
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def independently(credential: dict[str, Any], documents: dict[str, Any]) -> dict[str, Any]:
    """Whether a credential is `verified`, and its `problems`.

    documents   what the addresses that it names hold: the list of revoked badges, the issuer's keys
    """
    answered = subprocess.run(
        ["node", "tests/verify_badge.mjs"],
        cwd=ROOT,
        input=json.dumps({"credential": credential, "documents": documents}),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(answered.stdout)
