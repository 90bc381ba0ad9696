"""Following: what changed, who wants to be told, what is wrong."""
