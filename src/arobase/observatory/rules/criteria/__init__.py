"""Criteria on a territory's site and mail, each met, not met or unknown, with the reason and the remedy as data."""
