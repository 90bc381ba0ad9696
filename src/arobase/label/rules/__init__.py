"""What the label knows: how printed names are read, what a line of results may say, facts about its editions."""
