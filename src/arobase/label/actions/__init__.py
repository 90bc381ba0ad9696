"""What changes the label's tables."""
