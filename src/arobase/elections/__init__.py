"""An election night: prepared, counted bag by bag, followed live, with its trend and its seats."""
