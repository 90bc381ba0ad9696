"""What territories do with and for the digital, all year round: the label's « Atlaas »."""
