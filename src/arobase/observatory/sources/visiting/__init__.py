"""Visiting sites: one page each, politely, never at a private address, and facts only."""
