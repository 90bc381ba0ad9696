"""The geographic API under /api/geo: the same parameters and answers as the State's own, from memory."""
