"""Evidence as sentences."""

from django.utils.translation import gettext as _

from arobase.observatory.rules.mail import Evidence, Reason
from arobase.observatory.rules.providers import Catalogue


def because(one: Evidence, catalogue: Catalogue) -> str:
    """A piece of evidence as a sentence in the active language."""
    known = catalogue.providers.get(one.slug)
    return _sentence(one.reason) % {"seen": one.seen, "who": known.name if known else one.slug}


def _sentence(reason: Reason) -> str:
    sentences = {
        Reason.ADDRESS: _("L’adresse est chez %(who)s même (%(seen)s)."),
        Reason.MX: _("Le courrier arrive au serveur %(seen)s, de %(who)s."),
        Reason.MX_ALIAS: _("Le serveur de courrier est un alias de %(seen)s, de %(who)s."),
        Reason.GATEWAY: _("Un filtre reçoit le courrier d’abord : %(seen)s, de %(who)s."),
        Reason.DKIM: _("La clé DKIM renvoie à %(seen)s, chez %(who)s : on y signe des courriels."),
        Reason.AUTODISCOVER: _("La configuration automatique des messageries renvoie à %(seen)s, chez %(who)s."),
        Reason.VERIFICATION: _("Un enregistrement de vérification (%(seen)s) montre un compte chez %(who)s."),
        Reason.SPF: _("Le SPF autorise %(seen)s, de %(who)s, à envoyer (indice faible)."),
        Reason.SPF_BELOW: _("Un SPF inclus autorise %(seen)s, de %(who)s (indice très faible)."),
        Reason.SPF_ALONE: _("Le serveur %(seen)s reçoit, mais le SPF ne laisse envoyer que %(who)s."),
        Reason.SPF_HOST: _("Derrière le filtre, le SPF nomme le serveur %(seen)s (%(who)s)."),
        Reason.OWN_HOST: _("Le serveur de courrier %(seen)s est sous le nom du domaine même."),
        Reason.OPERATOR: _("Le serveur de courrier %(seen)s est d’un opérateur hors de nos listes (%(who)s)."),
        Reason.SYSTEM: _("Son adresse est dans le réseau %(seen)s, de %(who)s."),
        Reason.NO_MX: _("%(seen)s n’annonce aucun serveur de courrier (MX)."),
        Reason.NULL_MX: _("%(seen)s refuse tout courrier (MX nul, RFC 7505)."),
        Reason.NOT_ASKED: _("Le DNS de %(seen)s n’a pas encore été interrogé."),
        Reason.NOTHING_BEHIND: _("Derrière le filtre %(seen)s, rien n’indique qui tient les boîtes."),
    }
    return sentences[reason]
