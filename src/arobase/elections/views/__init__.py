"""Pages of an election night: preparing it, entering figures, following it."""
