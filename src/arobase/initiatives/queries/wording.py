"""Initiatives in words: fields, what is wrong with them, what is done on buttons and in the history."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from arobase.initiatives.rules.sheets import Problem, Why
from arobase.initiatives.rules.states import Verb

LABELS = {
    "code": gettext_lazy("Code du territoire"),
    "title": gettext_lazy("Titre"),
    "summary": gettext_lazy("Ce qui est fait"),
    "audience": gettext_lazy("Pour qui"),
    "started_on": gettext_lazy("Depuis quand"),
    "ended_on": gettext_lazy("Jusqu’à quand"),
    "maturity": gettext_lazy("Avancement"),
    "doer": gettext_lazy("Qui la mène"),
    "cost": gettext_lazy("Coût"),
    "effort": gettext_lazy("Temps de mise en place"),
    "address": gettext_lazy("Adresse sur le web"),
    "results": gettext_lazy("Résultats"),
    "contact_name": gettext_lazy("Contact"),
    "contact_email": gettext_lazy("Courriel du contact"),
    "services": gettext_lazy("Services"),
    "places": gettext_lazy("Lieux"),
    "partners": gettext_lazy("Partenaires"),
    "software": gettext_lazy("Logiciels"),
    "picture": gettext_lazy("Image"),
    "inspired_by": gettext_lazy("Inspirée par"),
}
BUTTONS = {
    Verb.SUBMIT: gettext_lazy("Proposer à la publication"),
    Verb.WITHDRAW: gettext_lazy("Retirer"),
    Verb.RESTORE: gettext_lazy("Reprendre"),
    Verb.PUBLISH: gettext_lazy("Publier"),
    Verb.RETURN: gettext_lazy("Renvoyer à revoir"),
}
DONE = {
    "change": gettext_lazy("modifiée"),
    "picture": gettext_lazy("image ajoutée ou retirée"),
    "reuse": gettext_lazy("inspiration déclarée"),
    Verb.SUBMIT: gettext_lazy("proposée"),
    Verb.WITHDRAW: gettext_lazy("retirée"),
    Verb.RESTORE: gettext_lazy("reprise"),
    Verb.PUBLISH: gettext_lazy("publiée"),
    Verb.RETURN: gettext_lazy("renvoyée à revoir"),
}


def sentence(problem: Problem) -> str:
    """What is wrong with a field and what to do."""
    facts = {"field": LABELS[problem.field], **problem.facts}
    said = {
        Why.MISSING: _("%(field)s : à remplir."),
        Why.TOO_LONG: _("%(field)s : %(length)s caractères, %(longest)s au plus."),
        Why.TOO_MANY: _("%(field)s : %(number)s lignes, %(most)s au plus."),
        Why.UNKNOWN: _("%(field)s : « %(value)s » n’est pas un choix connu."),
        Why.NO_ADDRESS: _(
            "%(field)s : « %(value)s » n’est pas une adresse complète, comme https://www.exemple.fr/page."
        ),
        Why.ENDS_BEFORE_IT_BEGINS: _("%(field)s : la fin est avant le début."),
        Why.BEGINS_TOO_FAR_AHEAD: _("%(field)s : au plus deux ans après aujourd’hui."),
        Why.OFF_THE_MAP: _(
            "%(field)s : « %(value)s » n’est pas sur la carte ; attendu : latitude puis longitude, en degrés."
        ),
    }
    return said[problem.why] % facts
