"""What every territory stands on: facts about its names, mail and site, verdicts on them, and what goes dark."""
