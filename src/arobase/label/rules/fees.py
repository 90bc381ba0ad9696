"""What a membership costs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fee:
    """Cents an inhabitant, with a least and a most, in euro cents."""

    per_inhabitant: int
    least: int
    most: int

    def due(self, population: int | None) -> int:
        """Euro cents for a territory; an unknown population pays the least.

        The association's figures: 5 cents an inhabitant, 50 € at least, 5,000 € at most.

        >>> [Fee(5, 5_000, 500_000).due(people) for people in (None, 80, 10_000, 166_058, 2_100_000)]
        [5000, 5000, 50000, 500000, 500000]
        """
        return min(self.most, max(self.least, self.per_inhabitant * (population or 0)))
