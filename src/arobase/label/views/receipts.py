"""The receipt of a dossier as a PDF, set by typst: what was handed in, when, by whom, and its fingerprint."""

import json
from datetime import date
from importlib.resources import files

import typst
from django.utils.translation import gettext as _

from arobase.initiatives.queries.referential import referential
from arobase.label.models import Dossier, Snapshot
from arobase.label.queries.configuration.editions import configuration_of_revision
from arobase.label.queries.phrases import moment, points, refusal_words
from arobase.label.rules.record import actions_of, mosaic_of
from arobase.label.rules.scoring import refusal


def receipt_pdf(dossier: Dossier, snapshot: Snapshot) -> bytes:
    """The receipt (PDF/A-2b, fonts embedded), dated by the hand-in, the same bytes each time it is asked for."""
    configuration = configuration_of_revision(dossier.campaign, snapshot.revision)
    content = snapshot.content
    mosaic = mosaic_of(content, referential=referential(), scoring=configuration.scoring)
    on = date.fromisoformat(content["on"])
    refusals = {one.id: refusal_words(refusal(one, on=on)) for one in actions_of(content)}
    facts = {
        "title": _("Reçu de dépôt"),
        "label": _("Label Territoires, Villes et Villages Internet, édition %(year)s") % {"year": dossier.campaign_id},
        "territory": str(dossier.territory),
        "code": dossier.territory.code,
        "rows": [
            [_("Déposé le"), _("%(moment)s, heure de Paris") % {"moment": moment(snapshot.at)}],
            [_("Déposé par"), str(dossier.submitted_by or "")],
            [_("Version de la configuration"), str(snapshot.revision)],
            [_("Points de la mosaïque au dépôt"), f"{points(mosaic.score)} / 100"],
        ],
        "fingerprint_label": _("Empreinte SHA-256 du contenu"),
        "fingerprint": snapshot.fingerprint,
        "how": _(
            "L’empreinte se recalcule sur le fichier JSON du dossier (clés triées, sans espaces, UTF-8), à télécharger "
            "sur la page du dossier."
        ),
        "answers_label": _("Réponses"),
        "answers": [
            [question.label.fr, content["answers"][question.slug]]
            for question in configuration.questions
            if question.slug in content["answers"]
        ],
        "actions_label": _("Initiatives présentées"),
        "actions": [[one["sheet"]["title"], refusals[one["id"]] or _("compte")] for one in content["actions"]],
        "is_sample": dossier.campaign.is_sample,
        "sample": _("Exemple inventé pour la démonstration"),
        "lang": "fr",
    }
    source = files("arobase.label").joinpath("typst/receipt.typ").read_bytes()
    return bytes(
        typst.compile(
            source,
            format="pdf",
            ignore_system_fonts=True,
            pdf_standards=["a-2b"],
            timestamp=int(snapshot.at.timestamp()),
            sys_inputs={"facts": json.dumps(facts, ensure_ascii=False), "at": snapshot.at.isoformat()},
        )
    )
