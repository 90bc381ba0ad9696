"""What changes initiatives: one verb, one transaction, kept in their history."""
