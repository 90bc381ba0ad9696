"""Measures of an action plan as sentences: what to do, why, how, and what to turn to."""

from collections.abc import Callable, Collection

from django.utils.translation import gettext as _

from arobase.observatory.queries.change_phrases import LAYERS
from arobase.observatory.queries.criteria_phrases import remedy, sentence
from arobase.observatory.rules.alternatives import Alternative, Remark, Sort
from arobase.observatory.rules.plan import Action, Measure
from arobase.observatory.rules.profile import Held, Layer
from arobase.observatory.rules.providers import Catalogue, Law
from arobase.observatory.rules.services import MAIL
from arobase.observatory.rules.sovereignty import DISPENSABLE

ACTIONS: dict[Action, Callable[[], str]] = {
    Action.DECLARE_SITE: lambda: _("Déclarer le site à l’annuaire de l’administration"),
    Action.DECLARE_MAIL: lambda: _("Déclarer l’adresse de messagerie à l’annuaire de l’administration"),
    Action.RESTORE_SITE: lambda: _("Remettre le site en service"),
    Action.RENEW_CERTIFICATE: lambda: _("Renouveler le certificat du site"),
    Action.ENCRYPT_SITE: lambda: _("Passer tout le site en HTTPS"),
    Action.RECEIVE_MAIL: lambda: _("Annoncer les serveurs de courrier"),
    Action.OWN_MAIL_DOMAIN: lambda: _("Écrire depuis une adresse au nom de la collectivité"),
    Action.ONE_DOMAIN: lambda: _("Réunir le site et la messagerie sous un même nom"),
    Action.PUBLISH_SPF: lambda: _("Dire qui peut écrire au nom du domaine (SPF)"),
    Action.PUBLISH_DMARC: lambda: _("Dire que faire des faux courriels (DMARC)"),
    Action.TIGHTEN_DMARC: lambda: _("Faire écarter les faux courriels (DMARC strict)"),
    Action.SOVEREIGN_NAME: lambda: _("Prendre un nom en .fr ou de la région"),
    Action.REDIRECT: lambda: _("Mener toutes les adresses du site au même endroit"),
    Action.CORRECT_ADDRESS: lambda: _("Corriger l’adresse déclarée du site"),
    Action.MAIL_SERVERS_HOME: lambda: _("Faire arriver le courrier dans l’Union européenne"),
    Action.STOP_TRACKING: lambda: _("Retirer les cookies de suivi posés sans accord"),
    Action.LET_REFUSE: lambda: _("Permettre de refuser aussi simplement que d’accepter"),
    Action.SAY_WHO: lambda: _("Mettre à portée de clic mentions légales et données personnelles"),
    Action.SAY_ACCESSIBLE: lambda: _("Publier la déclaration d’accessibilité"),
    Action.THIRD_PARTIES_HOME: lambda: _("Ne plus appeler d’autres sites à l’ouverture de la page"),
    Action.SEND_HEADERS: lambda: _("Faire envoyer les en-têtes de sécurité"),
    Action.GUARD_NAMES: lambda: _("Protéger le nom et le courrier en chemin"),
    Action.IPV6: lambda: _("Ouvrir le site à IPv6"),
    Action.SECOND_DNS: lambda: _("Confier les noms à une seconde entreprise aussi"),
    Action.LEAVE: lambda: _("Changer de fournisseur pour %(layer)s"),
}

REMARKS: dict[Remark, Callable[[], str]] = {
    Remark.NOTHING: lambda: "",
    Remark.PUBLIC_OFFER: lambda: _("offre publique"),
    Remark.QUALIFIED: lambda: _("une de ses offres est qualifiée SecNumCloud"),
    Remark.SECOND_COMPANY: lambda: _("en second, à côté du fournisseur actuel"),
    Remark.NONE_NEEDED: lambda: _("un hébergement bien réglé suffit au site d’une commune"),
    Remark.SYSTEM_FONTS: lambda: _("les polices de l’appareil de chacun"),
    Remark.OWN_FILES: lambda: _("fichiers servis par le site même"),
    Remark.SERVER_LOGS: lambda: _("les journaux du serveur disent déjà combien de pages sont lues"),
    Remark.CNIL_EXEMPT: lambda: _("sans consentement si l’outil est réglé comme la CNIL le décrit"),
    Remark.AFTER_CLICK: lambda: _("à ne charger qu’après un clic"),
    Remark.HONEYPOT: lambda: _("un champ piège et une limite par adresse arrêtent l’essentiel"),
    Remark.NO_BANNER: lambda: _("sans traceur, il n’y a pas de bandeau à afficher"),
    Remark.CONTACT_PAGE: lambda: _("une page de contact et le téléphone de la mairie"),
    Remark.PLAIN_LINK: lambda: _("un simple lien vers la page, sans rien charger d’elle"),
}

_LAWS: dict[Law, Callable[[], str]] = {
    Law.EU: lambda: _("%(who)s en a la charge, et relève du droit européen."),
    Law.US: lambda: _("%(who)s en a la charge, et relève du droit américain (CLOUD Act, FISA 702)."),
    Law.ADEQUATE: lambda: _("%(who)s en a la charge, et relève d’un droit que l’Union tient pour protecteur."),
    Law.OTHER: lambda: _("%(who)s en a la charge, et relève d’un droit étranger."),
    Law.UNKNOWN: lambda: _("%(who)s en a la charge, sous un droit que nous ne connaissons pas."),
}


def what(one: Measure) -> str:
    """What to do."""
    told = ACTIONS[one.action]()
    return told % {"layer": LAYERS[one.layer]()} if one.action is Action.LEAVE and one.layer else told


def why(one: Measure, catalogue: Catalogue) -> list[str]:
    """The evidence, a sentence each."""
    return [*map(sentence, one.because), *(_holder(held, catalogue, falling=one.services) for held in one.holders)]


def how(one: Measure) -> list[str]:
    """The steps; the lines to publish stand beside them, in `one.publish`."""
    if one.action is Action.SECOND_DNS:
        return [
            _("Ouvrez la zone chez une seconde entreprise, en copie de la première (transfert de zone)."),
            _("Ajoutez ses serveurs de noms chez le bureau d’enregistrement ; l’un des deux suffit alors."),
        ]
    if one.action is Action.LEAVE and one.layer in DISPENSABLE:
        return [_("Remplacez ce que la page charge par une des solutions ci-dessous, et vérifiez la page ensuite.")]
    if one.action is Action.LEAVE and one.layer is Layer.CA:
        return [_("Demandez à l’hébergeur un certificat d’une des autorités ci-dessous, au prochain renouvellement.")]
    if one.action is Action.LEAVE:
        return [
            _("Choisissez une des solutions ci-dessous, ou celle de la structure de mutualisation du département."),
            _("Notez la fin du contrat actuel, essayez avec quelques agents ou une page, puis faites la bascule."),
        ]
    return list(dict.fromkeys(remedy(finding) for finding in one.because))


def alternative(one: Alternative) -> str:
    """An alternative as a line of a list."""
    kind = {
        Sort.WITHOUT: _("S’en passer"),
        Sort.SOFTWARE: _("%(name)s, logiciel libre à héberger soi-même") % {"name": one.name},
        Sort.PROVIDER: f"{one.name} ({one.country})" if one.country else one.name,
    }[one.sort]
    remark = REMARKS[one.remark]()
    return _("%(what)s : %(remark)s") % {"what": kind, "remark": remark} if remark else kind


def _holder(held: Held, catalogue: Catalogue, *, falling: Collection[str]) -> str:
    """Who holds a layer: under whose law, or, where services fall with them alone, which."""
    known = catalogue.providers.get(held.provider)
    name = known.name if known else _("la collectivité même") if held.provider == "self" else held.provider
    if MAIL in falling:
        return _("%(who)s sert seul les noms : s’il tombe, le site et le courrier tombent.") % {"who": name}
    if falling:
        return _("%(who)s sert seul les noms : s’il tombe, le site tombe.") % {"who": name}
    return _LAWS[held.law]() % {"who": name}
