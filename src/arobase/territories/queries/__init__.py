"""What is read of territories."""
