"""What is done to an initiative, in words: on buttons, and in its history."""

from django.utils.translation import gettext_lazy as _

from arobase.initiatives.rules.states import Verb

BUTTONS = {
    Verb.SUBMIT: _("Proposer à la publication"),
    Verb.WITHDRAW: _("Retirer"),
    Verb.RESTORE: _("Reprendre"),
    Verb.PUBLISH: _("Publier"),
    Verb.RETURN: _("Renvoyer à revoir"),
}
DONE = {
    "change": _("modifiée"),
    "picture": _("image ajoutée ou retirée"),
    "reuse": _("inspiration déclarée"),
    Verb.SUBMIT: _("proposée"),
    Verb.WITHDRAW: _("retirée"),
    Verb.RESTORE: _("reprise"),
    Verb.PUBLISH: _("publiée"),
    Verb.RETURN: _("renvoyée à revoir"),
}
