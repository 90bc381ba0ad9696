"""What the observatory knows, without Django, network or files."""
