"""What data protection asks of a site, in words, and how to mend it."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from arobase.observatory.rules.protection import Protection

TITLES: dict[str, Callable[[], str]] = {
    Protection.NO_THIRD_PARTY: lambda: _("Aucun autre site n’est appelé avant le consentement"),
    Protection.NO_US_THIRD_PARTY: lambda: _("Aucun site de droit américain n’est appelé avant le consentement"),
    Protection.NO_TRACKING_COOKIE: lambda: _("Aucun cookie de suivi n’est posé avant le consentement"),
    Protection.REFUSE_AS_EASILY: lambda: _("Refuser les cookies est aussi simple qu’accepter"),
    Protection.REFUSAL_KEPT: lambda: _("Un refus des cookies est respecté"),
    Protection.LEGAL_NOTICE: lambda: _("Les mentions légales sont à portée de clic"),
    Protection.PRIVACY_PAGE: lambda: _("Une page dit ce que deviennent les données personnelles"),
    Protection.ACCESSIBILITY: lambda: _("L’accueil dit la conformité à l’accessibilité et mène à la déclaration"),
    Protection.HSTS: lambda: _("Les navigateurs s’en tiennent à HTTPS (HSTS)"),
    Protection.CONTENT_POLICY: lambda: _("La page dit d’où peuvent venir ses scripts (CSP)"),
    Protection.NO_SNIFFING: lambda: _("Les fichiers sont pris pour ce qu’ils disent être (nosniff)"),
    Protection.REFERRER: lambda: _("Les autres sites n’apprennent pas la page d’où l’on vient (Referrer-Policy)"),
    Protection.LASTING_CERTIFICATE: lambda: _("Le certificat vaut encore plus de trois semaines"),
    Protection.IPV6: lambda: _("Le site répond en IPv6"),
}

REMEDIES: dict[str, Callable[[], str]] = {
    Protection.NO_THIRD_PARTY: lambda: _(
        "Hébergez vous-même polices, scripts et cartes, et ne chargez vidéos ou réseaux sociaux qu’après un clic."
    ),
    Protection.NO_US_THIRD_PARTY: lambda: _(
        "Commencez par les sites nommés : remplacez-les par un fichier hébergé chez vous ou par un service européen."
    ),
    Protection.NO_TRACKING_COOKIE: lambda: _(
        "Retirez ces outils ou ne les chargez qu’après accord ; une mesure d’audience réglée selon la CNIL s’en passe."
    ),
    Protection.REFUSE_AS_EASILY: lambda: _(
        "Mettez un bouton « Tout refuser » à côté de « Tout accepter », de même taille et au même écran."
    ),
    Protection.REFUSAL_KEPT: lambda: _(
        "Réglez l’outil de consentement : après un refus, rien n’est chargé de ces services, et leurs cookies sont "
        "effacés."
    ),
    Protection.LEGAL_NOTICE: lambda: _(
        "Ajoutez au pied de chaque page un lien « Mentions légales » : éditeur, directeur de publication, hébergeur."
    ),
    Protection.PRIVACY_PAGE: lambda: _(
        "Ajoutez au pied de chaque page un lien vers une page qui dit finalités, durées, droits, et le délégué à la "
        "protection des données."
    ),
    Protection.ACCESSIBILITY: lambda: _(
        "Écrivez à l’accueil « Accessibilité : non conforme », « partiellement conforme » ou « totalement conforme », "
        "avec un lien vers la déclaration."
    ),
    Protection.HSTS: lambda: _("Faites envoyer cet en-tête par le serveur, une fois que tout le site répond en HTTPS."),
    Protection.CONTENT_POLICY: lambda: _(
        "Faites envoyer cet en-tête, d’abord en observation (Content-Security-Policy-Report-Only), puis pour de bon."
    ),
    Protection.NO_SNIFFING: lambda: _("Faites envoyer cet en-tête par le serveur."),
    Protection.REFERRER: lambda: _("Faites envoyer cet en-tête par le serveur."),
    Protection.LASTING_CERTIFICATE: lambda: _(
        "Faites renouveler le certificat, et vérifiez que ce renouvellement est automatique."
    ),
    Protection.IPV6: lambda: _("Demandez une adresse IPv6 à l’hébergeur et publiez-la dans la zone DNS (AAAA)."),
}
