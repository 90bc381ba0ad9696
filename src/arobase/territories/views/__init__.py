"""Pages of territories."""
