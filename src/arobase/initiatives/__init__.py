"""What territories do with digital technology, and the referential by which it is told."""
