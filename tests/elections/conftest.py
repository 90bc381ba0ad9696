"""Who signs in, in the tests of election nights."""

import pytest
from django.test import Client

from builders import an_account
from people import CAMILLE


@pytest.fixture
def camille(db) -> Client:
    """Le Havre's officer."""
    client = Client()
    client.force_login(an_account(CAMILLE))
    return client
