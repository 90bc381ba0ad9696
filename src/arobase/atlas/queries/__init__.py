"""What the atlas reads of the ground and of the awards."""
