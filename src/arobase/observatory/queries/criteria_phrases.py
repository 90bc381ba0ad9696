"""Findings as sentences: what a criterion asks, why it is judged so, and how to mend it."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from arobase.observatory.queries.protection_phrases import REMEDIES as PROTECTION_REMEDIES
from arobase.observatory.queries.protection_phrases import TITLES as PROTECTION_TITLES
from arobase.observatory.rules.criteria.beyond import Beyond
from arobase.observatory.rules.criteria.finding import Finding, Why
from arobase.observatory.rules.criteria.referential import Criterion

MOST_SEEN = 5

TITLES: dict[str, Callable[[], str]] = {
    Criterion.SITE_DECLARED: lambda: _("Un site est déclaré à l’annuaire de l’administration"),
    Criterion.SOVEREIGN_ENDING: lambda: _("L’extension du site est française, régionale ou .eu"),
    Criterion.REACHABLE: lambda: _("Le site est joignable"),
    Criterion.HTTPS: lambda: _("Le site utilise HTTPS"),
    Criterion.CERTIFICATE: lambda: _("Le certificat du site est valide"),
    Criterion.STAYS: lambda: _("Le site déclaré ne mène pas à un autre domaine"),
    Criterion.REDIRECTS: lambda: _("Avec ou sans www, en HTTP ou en HTTPS, on arrive au même endroit"),
    Criterion.HTTPS_DECLARED: lambda: _("L’adresse du site est déclarée en HTTPS"),
    Criterion.MAIL_DECLARED: lambda: _("Une adresse de messagerie est déclarée à l’annuaire de l’administration"),
    Criterion.OWN_DOMAIN: lambda: _("L’adresse est au nom de la collectivité"),
    Criterion.SAME_DOMAIN: lambda: _("La messagerie et le site ont le même domaine"),
    Criterion.MX: lambda: _("Un serveur reçoit le courrier du domaine (MX)"),
    Criterion.SPF: lambda: _("Le domaine dit qui peut écrire en son nom (SPF)"),
    Criterion.DMARC: lambda: _("Le domaine dit que faire d’un faux courriel (DMARC)"),
    Criterion.STRICT_DMARC: lambda: _("Les faux courriels sont écartés (DMARC strict)"),
    Criterion.MX_IN_UNION: lambda: _("Les serveurs de courrier sont dans l’Union européenne"),
    Beyond.MAIL_LAW: lambda: _("Celui qui tient la messagerie ne relève pas d’un droit étranger"),
    Beyond.MTA_STS: lambda: _("Le courrier arrive toujours chiffré (MTA-STS)"),
    Beyond.TLS_REPORTS: lambda: _("Le domaine est averti quand le chiffrement échoue (TLS-RPT)"),
    Beyond.CAA: lambda: _("Le domaine dit qui peut signer ses certificats (CAA)"),
    **PROTECTION_TITLES,
}

REMEDIES: dict[str, Callable[[], str]] = {
    Criterion.SITE_DECLARED: lambda: _(
        "Déclarez le site sur la page de la mairie de Service-Public.fr, lien « Mettre cette page à jour »."
    ),
    Criterion.SOVEREIGN_ENDING: lambda: _(
        "Réservez un nom en .fr ou dans l’extension de votre région auprès d’un bureau d’enregistrement, puis faites-y "
        "mener l’ancien nom."
    ),
    Criterion.REACHABLE: lambda: _(
        "Demandez à l’hébergeur si le serveur répond, et vérifiez dans la zone DNS l’adresse à laquelle le nom renvoie."
    ),
    Criterion.HTTPS: lambda: _(
        "Activez le certificat gratuit que propose l’hébergeur, puis faites mener toute adresse en http:// à celle en "
        "https://."
    ),
    Criterion.CERTIFICATE: lambda: _(
        "Faites renouveler le certificat par l’hébergeur, pour le nom avec et sans www, et rendez ce renouvellement "
        "automatique."
    ),
    Criterion.STAYS: lambda: _(
        "Déclarez sur Service-Public.fr l’adresse à laquelle le site mène vraiment, ou hébergez-le sous le nom déclaré."
    ),
    Criterion.REDIRECTS: lambda: _(
        "Demandez à l’hébergeur que le nom existe avec et sans www, et que tout mène à une seule adresse en https://."
    ),
    Criterion.HTTPS_DECLARED: lambda: _("Déclarez sur Service-Public.fr l’adresse qui commence par https://."),
    Criterion.MAIL_DECLARED: lambda: _(
        "Déclarez l’adresse sur la page de la mairie de Service-Public.fr, lien « Mettre cette page à jour »."
    ),
    Criterion.OWN_DOMAIN: lambda: _(
        "Ouvrez des adresses sous le nom du site, et gardez l’ancienne au moins trois mois avec un renvoi."
    ),
    Criterion.SAME_DOMAIN: lambda: _(
        "Ouvrez des adresses sous le domaine du site, ou installez le site sous celui de la messagerie."
    ),
    Criterion.MX: lambda: _(
        "Publiez dans la zone DNS les serveurs de courrier que votre fournisseur indique (enregistrements MX)."
    ),
    Criterion.SPF: lambda: _(
        "Publiez un seul enregistrement SPF, de dix recherches au plus, qui nomme tous ceux qui envoient en votre nom "
        "(messagerie, lettre d’information, logiciels métiers) et finit par ~all ou -all."
    ),
    Criterion.DMARC: lambda: _(
        "Publiez un seul enregistrement DMARC, d’abord avec p=none et une adresse de rapports, et lisez les rapports."
    ),
    Criterion.STRICT_DMARC: lambda: _(
        "Quand les rapports ne montrent plus de courriels légitimes en échec, passez à p=quarantine, sans pct."
    ),
    Criterion.MX_IN_UNION: lambda: _(
        "Demandez au fournisseur des serveurs dans l’Union européenne pour tous les MX, ou changez de fournisseur."
    ),
    Beyond.MAIL_LAW: lambda: _("Choisissez une messagerie qui n’obéit, comme ses propriétaires, qu’au droit européen."),
    Beyond.MTA_STS: lambda: _(
        "Publiez la politique MTA-STS sur https://mta-sts.<domaine>/.well-known/mta-sts.txt, puis l’enregistrement qui "
        "l’annonce (RFC 8461)."
    ),
    Beyond.TLS_REPORTS: lambda: _("Publiez l’enregistrement TLS-RPT avec une adresse qui est lue (RFC 8460)."),
    Beyond.CAA: lambda: _("Publiez un enregistrement CAA qui nomme l’autorité de vos certificats (RFC 8659)."),
    **PROTECTION_REMEDIES,
}

_REASONS: dict[Why, Callable[[], str]] = {
    Why.AS_ASKED: lambda: _("C’est le cas (%(seen)s)."),
    Why.NOT_MEASURED: lambda: _("Ce point n’a pas encore été mesuré."),
    Why.NO_ANSWER: lambda: _("Personne n’a répondu, ce qui ne prouve rien (%(seen)s)."),
    Why.ROBOTS: lambda: _("Le site demande aux robots de ne pas le visiter (robots.txt)."),
    Why.GUARDED: lambda: _("Le site n’ouvre pas sa page à notre robot (%(seen)s) ; une personne y entre peut-être."),
    Why.NOT_LOCATED: lambda: _("Nous ne savons pas où c’est, ni à qui : %(seen)s."),
    Why.INCOMPLETE: lambda: _(
        "La page n’en montre pas, mais ses scripts n’ont pas été exécutés, et ce qu’elle appelle n’a pas été suivi."
    ),
    Why.CUT: lambda: _("Le navigateur n’a pas pu regarder la page jusqu’au bout : ce qu’il n’a pas vu peut y être."),
    Why.NO_BANNER: lambda: _("Le navigateur n’a vu aucun bandeau : il n’y avait rien à refuser."),
    Why.NOT_TRIED: lambda: _("Sur le bandeau, un refus n’a pas pu être essayé jusqu’au bout."),
    Why.ANOTHERS_PAGE: lambda: _(
        "La page déclarée n’a pas été lue : elle est à une adresse que d’autres partagent (%(seen)s), dont la page "
        "d’accueil peut être celle d’un autre."
    ),
    Why.NOTHING_DECLARED: lambda: _("Rien n’est déclaré."),
    Why.NOT_AN_ADDRESS: lambda: _("Ce qui est déclaré n’est pas une adresse complète (%(seen)s)."),
    Why.NO_SITE: lambda: _("Aucun site n’est déclaré."),
    Why.NO_MAIL: lambda: _("Aucune adresse de messagerie n’est déclarée."),
    Why.ENDING: lambda: _("L’extension %(seen)s n’est pas dans la liste de l’État."),
    Why.HTTP_DECLARED: lambda: _("L’adresse déclarée n’est pas chiffrée : %(seen)s."),
    Why.PROVIDER_DOMAIN: lambda: _("Le domaine %(seen)s est celui d’un fournisseur, que beaucoup se partagent."),
    Why.OTHER_DOMAIN: lambda: _("Les domaines diffèrent : %(seen)s."),
    Why.NO_NAME: lambda: _("Le nom n’existe pas dans le DNS : %(seen)s."),
    Why.REFUSED: lambda: _("Le serveur refuse la connexion : %(seen)s."),
    Why.ERROR_PAGE: lambda: _("Le serveur répond par une erreur : %(seen)s."),
    Why.GOES_ROUND: lambda: _("Les redirections tournent en rond : %(seen)s."),
    Why.PRIVATE_ADDRESS: lambda: _("Le nom mène à une adresse qui n’est pas publique : %(seen)s."),
    Why.NO_ENCRYPTION: lambda: _("Aucune connexion chiffrée ne s’établit : %(seen)s."),
    Why.STAYS_ON_HTTP: lambda: _("On reste sur une page non chiffrée : %(seen)s."),
    Why.CERTIFICATE: lambda: _("Les navigateurs refusent le certificat : %(seen)s."),
    Why.EXPIRED: lambda: _("Le certificat a pris fin : %(seen)s."),
    Why.ENDS_SOON: lambda: _("Le certificat prend fin dans moins de trois semaines : %(seen)s."),
    Why.LEADS_ELSEWHERE: lambda: _("Le site mène à un autre domaine : %(seen)s."),
    Why.NO_VARIANT: lambda: _("Ce nom n’existe pas : %(seen)s."),
    Why.VARIANTS_DIFFER: lambda: _("Selon l’adresse, on arrive à des endroits différents : %(seen)s."),
    Why.NO_MX: lambda: _("Le domaine n’annonce aucun serveur de courrier (%(seen)s)."),
    Why.NULL_MX: lambda: _("Le domaine refuse tout courrier (MX nul, RFC 7505 ; %(seen)s)."),
    Why.NO_RECORD: lambda: _("Il n’y a pas d’enregistrement (%(seen)s)."),
    Why.SEVERAL_RECORDS: lambda: _("Il y a plusieurs enregistrements, donc aucun ne vaut : %(seen)s."),
    Why.MALFORMED: lambda: _("Ce qui est publié ne se lit pas : %(seen)s."),
    Why.TOO_MANY_LOOKUPS: lambda: _("Il faut plus de dix recherches : les serveurs abandonnent (%(seen)s)."),
    Why.TOO_MANY_VOID: lambda: _("Plus de deux recherches ne trouvent rien : les serveurs abandonnent (%(seen)s)."),
    Why.LOOP: lambda: _("L’enregistrement s’inclut lui-même : %(seen)s."),
    Why.NOWHERE: lambda: _("L’enregistrement inclut un nom qui n’en a pas : %(seen)s."),
    Why.ANYONE: lambda: _("L’enregistrement autorise tout le monde : %(seen)s."),
    Why.NEUTRAL: lambda: _("L’enregistrement ne dit rien des autres serveurs : %(seen)s."),
    Why.INHERITED: lambda: _("La politique vient du domaine au-dessus : %(seen)s."),
    Why.POLICY_NONE: lambda: _("La politique ne fait qu’observer : %(seen)s."),
    Why.PARTIAL: lambda: _("La politique ne vaut que pour une part des courriels : %(seen)s."),
    Why.TRIED: lambda: _("La politique est à l’essai (t=y), et n’est pas appliquée : %(seen)s."),
    Why.OUTSIDE: lambda: _("Un serveur au moins est hors de l’Union : %(seen)s."),
    Why.LAW: lambda: _("Le fournisseur ou son propriétaire relève d’un droit étranger : %(seen)s."),
    Why.THIRD_PARTIES: lambda: _("La page appelle d’autres sites dès l’ouverture : %(seen)s."),
    Why.TRACKING_COOKIES: lambda: _("Des cookies de suivi sont posés dès l’ouverture : %(seen)s."),
    Why.REFUSING_IS_HARDER: lambda: _("Refuser demande plus de gestes qu’accepter, ou est vite oublié."),
    Why.TRACKED_ANYWAY: lambda: _("Des cookies de suivi sont là après un refus : %(seen)s."),
    Why.NO_LINK: lambda: _("Aucun lien n’a été trouvé sur la page d’accueil (%(seen)s)."),
    Why.NO_CLAIM: lambda: _("La déclaration existe (%(seen)s), mais l’accueil ne dit pas la conformité."),
    Why.NO_HEADER: lambda: _("Le serveur n’envoie pas cet en-tête."),
    Why.TOO_SHORT: lambda: _("La durée est de moins de six mois : %(seen)s."),
    Why.TOO_LAX: lambda: _("La valeur ne protège pas : %(seen)s."),
    Why.NO_IPV6: lambda: _("Le site n’a pas d’adresse IPv6."),
}


def title(criterion: str) -> str:
    """What a criterion asks, in the active language."""
    return TITLES[criterion]()


def sentence(finding: Finding) -> str:
    """Why a criterion is judged so, with what was seen."""
    if finding.why is Why.AS_ASKED and not finding.seen:
        return _("C’est le cas.")
    seen = list(finding.seen[:MOST_SEEN])
    if len(finding.seen) > MOST_SEEN:
        seen.append(_("et %(more)s autres") % {"more": len(finding.seen) - MOST_SEEN})
    return _REASONS[finding.why]() % {"seen": ", ".join(seen) or "—"}


def remedy(finding: Finding) -> str:
    """How to mend it; the lines to publish stand beside it, in `finding.publish`."""
    if finding.is_a_beginning:
        return _(
            "La ligne est à compléter : demandez à votre fournisseur de messagerie, et à tout autre service qui envoie "
            "en votre nom, ce qu’il faut y ajouter (include:…), puis remplacez ?all par ~all. Telle quelle, elle "
            "n’écarte encore personne."
        )
    return REMEDIES[finding.criterion]()
