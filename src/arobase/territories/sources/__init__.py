"""Where the ground comes from: mirror, official publisher, locked packages."""
