"""What is read of election nights, as dataclasses."""
