"""Evidence as sentences."""

from django.utils.translation import gettext as _

from arobase.observatory.rules.companies import SELF
from arobase.observatory.rules.evidence import Evidence, Reason
from arobase.observatory.rules.providers import Catalogue


def because(one: Evidence, catalogue: Catalogue) -> str:
    """A piece of evidence as a sentence in the active language."""
    known = catalogue.providers.get(one.slug)
    who = _("la collectivité elle-même") if one.slug == SELF else known.name if known else one.slug
    return _sentence(one.reason) % {"seen": one.seen, "who": who}


def _sentence(reason: Reason) -> str:
    return {**_of_mail(), **_of_sites(), **_of_pages()}[reason]


def _of_mail() -> dict[Reason, str]:
    return {
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
        Reason.NOT_ASKED: _("Le DNS de %(seen)s n’a pas encore été interrogé, ou n’a pas répondu."),
        Reason.NOTHING_BEHIND: _("Derrière le filtre %(seen)s, rien n’indique qui tient les boîtes."),
        Reason.NO_HOST: _("« %(seen)s » n’est pas un nom de serveur complet : rien ne dit à qui il est."),
        Reason.NO_FILTER: _("Aucun filtre connu ne reçoit le courrier de %(seen)s."),
        Reason.ACCOUNT: _("Les boîtes de %(seen)s sont chez %(who)s, dont la suite bureautique va avec."),
    }


def _of_sites() -> dict[Reason, str]:
    return {
        Reason.NAME_SERVER: _("Le serveur de noms %(seen)s est à %(who)s."),
        Reason.NO_ZONE: _("Aucun serveur de noms n’est annoncé pour %(seen)s."),
        Reason.SAME_DOMAIN: _("Le courrier est au domaine du site (%(seen)s) : mêmes serveurs de noms."),
        Reason.SITE_ADDRESS: _("L’adresse %(seen)s est sous un domaine qui est à %(who)s."),
        Reason.SITE_ALIAS: _("Le nom du site est un alias de %(seen)s (%(who)s)."),
        Reason.HEADER: _("La réponse porte l’en-tête « %(seen)s », que met %(who)s."),
        Reason.REVERSE: _("L’adresse du site se nomme elle-même %(seen)s (%(who)s)."),
        Reason.BEHIND_PROXY: _("Devant %(seen)s, %(who)s répond : l’hébergeur derrière ne se voit pas."),
        Reason.NO_PROXY: _("Rien ne montre de relais devant %(seen)s."),
        Reason.NO_SITE: _("%(seen)s n’a pas d’adresse, ni avec www ni sans."),
        Reason.NO_NETWORK: _("On ne sait pas encore à qui est le réseau de l’adresse %(seen)s."),
        Reason.ISSUER: _("Le certificat est signé par %(seen)s (%(who)s)."),
        Reason.CHAIN: _("Au-dessus du certificat, la chaîne avec ses fins de validité : %(seen)s."),
        Reason.ROOT: _("Ce signataire tient lui-même son autorité de %(seen)s (%(who)s), à qui remonte la chaîne."),
        Reason.NO_CERTIFICATE: _("%(seen)s répond sans chiffrement : il n’y a pas de certificat."),
        Reason.NOT_VISITED: _("%(seen)s n’a pas encore été visité."),
        Reason.ANOTHERS_PAGE: _(
            "La page déclarée n’a pas été lue : elle est à une adresse que d’autres partagent (%(seen)s), dont la page "
            "d’accueil peut être celle d’un autre."
        ),
        Reason.NOT_READ: _("Ce que l’on a vu de %(seen)s ne permet pas de le dire."),
    }


def _of_pages() -> dict[Reason, str]:
    return {
        Reason.SCRIPT: _("La page demande un script à %(seen)s (%(who)s)."),
        Reason.STYLE: _("La page demande une feuille de style à %(seen)s (%(who)s)."),
        Reason.FONT: _("La page demande une police à %(seen)s (%(who)s)."),
        Reason.FRAME: _("La page affiche un cadre de %(seen)s (%(who)s)."),
        Reason.IMAGE: _("La page demande une image à %(seen)s (%(who)s)."),
        Reason.MEDIA: _("La page demande un son ou une vidéo à %(seen)s (%(who)s)."),
        Reason.HINT: _("La page annonce au navigateur qu’elle s’adressera à %(seen)s (%(who)s)."),
        Reason.OTHER: _("La page échange avec %(seen)s (%(who)s)."),
        Reason.CLOAKED: _("Un nom du domaine cache un tiers : %(seen)s (%(who)s)."),
        Reason.PROGRAM: _("La page appelle %(seen)s, servi par %(who)s."),
        Reason.NOTHING_ASKED: _("La page %(seen)s ne demande rien de tel."),
        Reason.NOT_WATCHED: _(
            "Le texte de la page %(seen)s ne demande rien de tel, mais ses scripts ou ses cadres le peuvent : "
            "aucun navigateur ne l’a regardée jusqu’au bout."
        ),
    }
