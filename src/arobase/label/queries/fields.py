"""A field of a dossier by its name, found without reading all the others; addresses that dossiers show."""

from arobase.initiatives.models import Initiative
from arobase.initiatives.rules.referential import CandidateKind
from arobase.initiatives.rules.states import State
from arobase.label.models import Answer, Document, Dossier
from arobase.label.queries.configuration.editions import in_force
from arobase.label.rules.fields import BadValue, Field, Part, Why, initiative_part, part_field, question_field


def field_of(dossier_id: int, name: str) -> Field:
    """The field of that name. Raises BadValue where the dossier has none, Dossier.DoesNotExist."""
    dossier = Dossier.objects.select_related("campaign").get(pk=dossier_id)
    if named := initiative_part(name):
        initiative_id, part = named
        own = Initiative.objects.filter(pk=initiative_id, territory_id=dossier.territory_id)
        if not own.exclude(state=State.WITHDRAWN).exists():
            raise BadValue(name, Why.UNKNOWN_FIELD)
        documents = Document.objects.filter(territory_id=dossier.territory_id) if part is Part.DOCUMENT else []
        return part_field(initiative_id, part, documents=[one.pk for one in documents])
    for question in in_force(dossier.campaign).questions_for(CandidateKind(dossier.kind)):
        if question.slug == name:
            return question_field(question)
    raise BadValue(name, Why.UNKNOWN_FIELD)


def addresses_shown() -> set[str]:
    """The addresses by which dossiers show what they say, invented ones aside."""
    written = Answer.objects.filter(field__endswith=f".{Part.ADDRESS}", dossier__campaign__is_sample=False)
    return set(written.exclude(value="").values_list("value", flat=True))
