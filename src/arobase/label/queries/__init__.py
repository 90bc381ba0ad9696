"""What is read of the label; `awards` is what other capabilities use."""

from arobase.label.queries.awards import AwardShown, Known, awards_of, editions, known_of_total

__all__ = ["AwardShown", "Known", "awards_of", "editions", "known_of_total"]
