"""What the atlas is drawn from."""
