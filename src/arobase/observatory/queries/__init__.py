"""What is read and told."""
