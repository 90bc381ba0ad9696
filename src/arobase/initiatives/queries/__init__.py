"""What is read of initiatives."""
