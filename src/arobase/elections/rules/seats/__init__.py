"""How votes become seats: what the law sets, highest averages, what a round decides, and what would change it."""
