"""A dossier as its page shows it: plain values that the templates need not compute."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from arobase.initiatives.queries.links import checks_of
from arobase.initiatives.queries.referential import referential, said
from arobase.label.queries.dossiers import Presented, Reading
from arobase.label.queries.phrases import obstacle_sentence, points, refusal_words
from arobase.label.queries.progress import Progress
from arobase.label.rules.configuration import Form, Question
from arobase.label.rules.fields import LONGEST_ADDRESS, LONGEST_NOTE, Part, Standing, initiative_field
from arobase.label.rules.levels import HIGHEST

Problems = Mapping[str, tuple[str, str]]


def questions_shown(reading: Reading, problems: Problems) -> list[dict[str, Any]]:
    """The questions with what was answered, or what was just typed and could not be kept."""
    return [_question(one, reading, problems) for one in reading.questions]


def _question(one: Question, reading: Reading, problems: Problems) -> dict[str, Any]:
    kept = reading.value(one.slug)
    choices = [(text.fr, said(text), text.fr == kept) for text in one.choices]
    return {
        **_field(one.slug, kept, reading.version(one.slug), problems),
        "label": said(one.label),
        "help": said(one.help),
        "is_required": one.is_required,
        "longest": one.longest,
        "is_text": one.form is Form.TEXT,
        "is_number": one.form is Form.NUMBER,
        "choices": choices,
    }


def initiatives_shown(reading: Reading, problems: Problems) -> list[dict[str, Any]]:
    """The initiatives of the territory, those of which nothing was said first."""
    standings = {
        Standing.TRUE: _("toujours vraie"),
        Standing.CHANGED: _("vraie, fiche mise à jour"),
        Standing.OVER: _("terminée"),
        Standing.OUT: _("à ne pas présenter"),
    }
    ordered = sorted(reading.presented, key=lambda one: (one.is_said, one.initiative.pk))
    links = checks_of(one.values[Part.ADDRESS] or one.initiative.address for one in ordered)
    return [
        {
            **_initiative(one, standings, reading, problems),
            "link": links.get(one.values[Part.ADDRESS] or one.initiative.address),
        }
        for one in ordered
    ]


def _initiative(
    one: Presented, standings: Mapping[Standing, str], reading: Reading, problems: Problems
) -> dict[str, Any]:
    fields = {
        str(part): _field(initiative_field(one.initiative.pk, part), one.values[part], one.versions[part], problems)
        for part in Part
    }
    return {
        "initiative": one.initiative,
        "services": [said(referential().service(slug).name) for slug in one.initiative.services],
        "refusal": refusal_words(one.refusal),
        "is_new": one.is_new,
        "is_said": one.is_said,
        "proof": one.action.proof,
        "standings": [(str(value), words, value == one.values[Part.STANDING]) for value, words in standings.items()],
        "documents": [
            (str(file.pk), file.name, str(file.pk) == one.values[Part.DOCUMENT]) for file in reading.documents
        ],
        "longest_address": LONGEST_ADDRESS,
        "longest_note": LONGEST_NOTE,
        **fields,
    }


def _field(name: str, kept: str, version: int, problems: Problems) -> dict[str, Any]:
    typed, problem = problems.get(name, (kept, ""))
    return {
        "name": name,
        "id": name.replace(".", "-"),
        "kept": kept,
        "value": typed,
        "version": version,
        "problem": problem,
    }


def progress_shown(progress: Progress, reading: Reading) -> dict[str, Any]:
    """The mosaic as tiles by category, the level and what stands before the next."""
    known, mosaic, standing = referential(), reading.mosaic, reading.standing
    names = {one.slug: said(one.name) for one in known.enjeux}
    done, of = reading.filled
    return {
        "categories": [
            {
                "name": said(category.name),
                "tiles": [
                    {
                        "name": names[tile.enjeu],
                        "enjeu": tile.enjeu,
                        "points": points(tile.points),
                        "most": points(tile.most),
                        "tenths": int(tile.share * 10),
                        "shown": [said(known.service(slug).name) for slug in tile.shown],
                        "applies": bool(tile.most),
                    }
                    for tile in mosaic.tiles
                    if tile.category == category.slug
                ],
            }
            for category in known.categories
        ],
        "score": points(mosaic.score),
        "level": standing.arobases,
        "next": standing.arobases + 1 if standing.arobases < HIGHEST else None,
        "obstacles": [obstacle_sentence(one, mosaic) for one in standing.next],
        "gains": [
            {
                "name": said(known.service(one.service).name),
                "slug": one.service,
                "enjeu": names[one.enjeu],
                "points": points(one.points),
                "examples": progress.examples.get(one.service, 0),
            }
            for one in progress.gains
        ],
        "done": done,
        "of": of,
        "counted": sum(one.refusal is None for one in reading.presented),
        "initiatives": len(reading.presented),
        "jury_share": int(reading.configuration.jury.weight * 100),
    }
