"""What is known of initiatives: their referential, states, words, likeness and filiation."""
