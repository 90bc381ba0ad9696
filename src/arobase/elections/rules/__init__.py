"""What elections know (seats, projections, checks, states), without Django, network or files."""
