"""What differs in a campaign that waits, as lines to read."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from arobase.observatory.queries.change_phrases import LAYERS, change
from arobase.observatory.queries.criteria_phrases import title
from arobase.observatory.queries.waiting import Waiting
from arobase.observatory.rules.profile import Layer
from arobase.observatory.rules.providers import Catalogue

SHOWN_MOVES = 20


def subject_said(code: str) -> str:
    """A layer by its name, a criterion by its title, with the State's code where it has one."""
    if code in set(Layer):
        return LAYERS[Layer(code)]()
    return f"{code} {title(code)}" if code[0].isdigit() else title(code)


def differences_said(one: Waiting, catalogue: Catalogue) -> Iterator[str]:
    """What changed and what fell silent by layer, from whom to whom, and the first subjects."""
    if not one.is_told:
        yield _("Rien n’est gardé de ce qui diffère dans cette campagne ; la relire le dit si elle attend encore.")
        return
    if one.since:
        words = {"number": one.since.pk, "day": one.since.began_at.date().isoformat()}
        yield _("Comparée à la campagne %(number)s (%(day)s) :") % words
    for told, counts in ((_("Changés"), one.changed), (_("Devenus muets"), one.silent)):
        for code, n in counts.items():
            yield f"  {told} {n:>6}  {subject_said(code)}"
    if one.moves:
        yield _("De qui vers qui :")
    for move, n in one.moves[:SHOWN_MOVES]:
        yield f"  {n:>6}  {change(move, catalogue)}"
    if one.first:
        yield ngettext("Le premier sujet\u00a0:", "Les %(n)s premiers sujets\u00a0:", len(one.first)) % {
            "n": len(one.first)
        }
    for subject in one.first:
        silent = ", ".join(map(subject_said, subject.silent))
        said = [*(change(move, catalogue) for move in subject.changes), *([_("Muet : %s.") % silent] if silent else [])]
        yield f"  {subject.name}: {' '.join(said)}"
