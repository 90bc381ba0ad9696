"""Where results come from: files of laureates, totals of participation."""
