"""What the label keeps: editions and awards, campaigns and their dossiers."""

from arobase.label.models.appeals import Appeal
from arobase.label.models.awards import Award, Edition, Import, Line, Settlement
from arobase.label.models.badges import Badge
from arobase.label.models.campaigns import Campaign, ConfigurationRevision
from arobase.label.models.dossiers import Answer, Document, Dossier, DossierEvent, Extension, Snapshot
from arobase.label.models.feedback import Feedback
from arobase.label.models.jury import Conflict, Juror, Mark, Review
from arobase.label.models.letters import Letter, Silence
from arobase.label.models.outcomes import Decision, DecisionEvent
from arobase.label.models.teams import JoinRequest, TeamMember

__all__ = [
    "Answer",
    "Appeal",
    "Award",
    "Badge",
    "Campaign",
    "ConfigurationRevision",
    "Conflict",
    "Decision",
    "DecisionEvent",
    "Document",
    "Dossier",
    "DossierEvent",
    "Edition",
    "Extension",
    "Feedback",
    "Import",
    "JoinRequest",
    "Juror",
    "Letter",
    "Line",
    "Mark",
    "Review",
    "Settlement",
    "Silence",
    "Snapshot",
    "TeamMember",
]
