"""What the tests of the label share."""

from juries import campaign, published, sacha  # noqa: F401 - fixtures
