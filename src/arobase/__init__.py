"""Arobase: the open platform of digital territories."""
