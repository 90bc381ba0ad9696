"""The configuration of an edition, as its revisions keep it."""
