"""What changes an election night: one verb, one transaction, each with its entry in the chain."""
