"""The typed registers by which one capability offers another a panel, a data source, an entry of the menu."""
