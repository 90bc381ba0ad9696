"""What was found in figures, as sentences for the person who typed them: what, expected what, what to do."""

from collections.abc import Callable, Mapping, Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from arobase.elections.rules.attention import Alert, Reason
from arobase.elections.rules.checks import Check, Finding
from arobase.elections.rules.counts import Count
from arobase.elections.rules.plans import Problem, Wrong
from arobase.elections.rules.states import State

Facts = Mapping[str, int | str]


def sentence(finding: Finding, names: Sequence[str]) -> str:
    """A finding in words; `names` of the lists in official order."""
    facts = {name: _written(value) for name, value in finding.facts.items()}
    for name in ("place", "one", "other"):
        if isinstance(place := finding.facts.get(name), int) and finding.check in BY_PLACE:
            facts[name] = names[place]
    return SENTENCES[finding.check](facts)


def _written(value: int | str) -> str:
    return number_format(value) if isinstance(value, int) else value


BY_PLACE = {Check.LIKE_OWN_BAGS, Check.LIKE_LAST_TIME, Check.LINES_ARE_NOT_SWAPPED}


def _turnout(facts: Facts) -> str:
    if facts["hour"]:
        return (
            _(
                "%(voters)s votants à %(hour)s, mais %(other)s à %(other_hour)s : ce nombre ne peut pas baisser"
                " d’une heure"
                " à l’autre. Vérifiez les deux et saisissez de nouveau celui qui est faux."
            )
            % facts
        )
    return (
        _(
            "%(voters)s émargements à la clôture, mais %(other)s votants à %(other_hour)s. Recomptez les"
            " émargements, ou"
            " confirmez si c’est l’heure qui était fausse."
        )
        % facts
    )


SENTENCES: Mapping[Check, Callable[[Facts], str]] = {
    Check.VOTERS_WITHIN_REGISTERED: lambda facts: (
        _("%(voters)s votants pour %(registered)s inscrits : c’est impossible. Vérifiez le nombre saisi.") % facts
    ),
    Check.SIGNATURES_WITHIN_REGISTERED: lambda facts: (
        _("%(signatures)s émargements pour %(registered)s inscrits : c’est impossible. Vérifiez le nombre saisi.")
        % facts
    ),
    Check.SIGNATURES_ARE_ENVELOPES: lambda facts: (
        _(
            "%(signatures)s émargements, %(envelopes)s enveloppes. L’écart est gardé et ira au procès-verbal ;"
            " recomptez les"
            " enveloppes si vous ne l’avez pas fait."
        )
        % facts
    ),
    Check.ENVELOPES_ARE_BALLOTS: lambda facts: (
        _(
            "%(envelopes)s enveloppes, mais %(valid)s exprimés + %(blank)s blancs + %(null)s nuls ="
            " %(ballots)s. Les deux"
            " doivent être égaux : un nombre est faux."
        )
        % facts
    ),
    Check.LISTS_SUM_TO_VALID: lambda facts: (
        _("Les voix des listes font %(votes)s, mais %(valid)s suffrages exprimés sont saisis. Un nombre est faux.")
        % facts
    ),
    Check.BAGS_WITHIN_ENVELOPES: lambda facts: (
        _(
            "%(ballots)s bulletins comptés pour %(envelopes)s enveloppes trouvées dans l’urne : un des deux est"
            " faux. Corrigez"
            " la centaine, ou le nombre d’enveloppes."
        )
        % facts
    ),
    Check.BAGS_ADD_UP: lambda facts: (
        _(
            "Les centaines font %(ballots)s bulletins, l’urne %(envelopes)s enveloppes. Saisissez ce qui"
            " manque, ou corrigez"
            " ce qui est faux ; le bureau pourra alors être clos."
        )
        % facts
    ),
    Check.BOX_IS_KNOWN: lambda _facts: _(
        "Le nombre d’émargements et d’enveloppes manque : saisissez-les pour clore le bureau."
    ),
    Check.BAG_IS_FULL: lambda facts: (
        _("Cette centaine compte %(ballots)s bulletins, non 100. Est-ce bien ce que porte l’enveloppe ?") % facts
    ),
    Check.BAG_IS_NOT_EMPTY: lambda _facts: _("Cette centaine est vide : saisissez au moins un bulletin."),
    Check.BAG_IS_ANOTHER: lambda facts: _("Identique à la centaine %(number)s : est-ce bien une autre ?") % facts,
    Check.TURNOUT_DOES_NOT_FALL: _turnout,
    Check.LIKE_OWN_BAGS: lambda facts: (
        _(
            "%(place)s : %(votes)s voix dans cette centaine, quand les précédentes de ce bureau lui donnaient"
            " %(usual)s %% des"
            " exprimés. Est-ce bien le bon nombre, sur la bonne ligne ?"
        )
        % facts
    ),
    Check.LINES_ARE_NOT_SWAPPED: lambda facts: (
        _(
            "Les voix de « %(one)s » et de « %(other)s » semblent échangées : l’inverse ressemblerait aux centaines"
            " précédentes. Sont-elles sur la bonne ligne ?"
        )
        % facts
    ),
    Check.TURNOUT_LIKE_LAST_TIME: lambda facts: (
        _(
            "%(voters)s votants, soit %(now)s %% des inscrits ; %(before)s %% la fois précédente dans ce"
            " bureau. Est-ce bien"
            " le bon nombre ?"
        )
        % facts
    ),
    Check.TURNOUT_IS_THERE: lambda facts: (
        _(
            "%(there)s votants à %(hour)s sont déjà enregistrés, non %(voters)s. Faut-il remplacer %(there)s par"
            " %(voters)s ?"
        )
        % facts
    ),
    Check.BOX_IS_THERE: lambda facts: (
        _(
            "L’urne est déjà enregistrée : %(signatures_before)s émargements et %(envelopes_before)s enveloppes, non"
            " %(signatures)s et %(envelopes)s. Faut-il remplacer ces nombres ?"
        )
        % facts
    ),
    Check.BAG_IS_CORRECTED: lambda facts: (
        _(
            "La centaine %(number)s a déjà été corrigée : elle porte %(there)s (les listes dans leur ordre, blancs,"
            " nuls). Faut-il remplacer ces chiffres par les vôtres ?"
        )
        % facts
    ),
    Check.LIKE_THE_BOX: lambda facts: (
        _(
            "À l’ouverture de l’urne : %(signatures_before)s émargements et %(envelopes_before)s enveloppes ; dans ces"
            " totaux : %(signatures)s et %(envelopes)s. Est-ce bien ce que porte le papier ?"
        )
        % facts
    ),
    Check.ENROLLED_ARE_FEW: lambda facts: (
        _(
            "%(registered)s inscrits au lieu de %(before)s : une décision du jour n’en change que quelques-uns."
            " Donnez le nombre de tous les inscrits du bureau, après la décision."
        )
        % facts
    ),
    Check.LIKE_LAST_TIME: lambda facts: (
        _(
            "%(place)s : %(now)s %% des exprimés, %(before)s %% la fois précédente dans ce bureau. Est-ce bien"
            " le bon nombre,"
            " sur la bonne ligne ?"
        )
        % facts
    ),
}


def count_state(count: Count, *, typists: int) -> str:
    """Where a station's entry stands, in words; of two people who type the same totals, whether one is missing."""
    if count.state is State.COUNTING and 0 < len(count.typed) < typists:
        return _("en attente de la seconde saisie")
    return state_name(count.state)


def state_name(state: State) -> str:
    """A state in words."""
    return {
        State.AWAITED: _("rien n’est encore saisi"),
        State.VOTING: _("le vote est en cours"),
        State.COUNTING: _("le compte est en cours"),
        State.DIFFERING: _("les deux saisies diffèrent"),
        State.COUNTED: _("le compte est complet"),
        State.SIGNED: _("le procès-verbal est signé"),
    }[state]


def wrong(problem: Problem) -> str:
    """What is wrong with a plan, and what to do."""
    about = {"about": problem.about, "least": problem.least}
    return {
        Wrong.NO_CHOICE: _("Aucune liste : il en faut au moins une."),
        Wrong.NO_STATION: _("Aucun bureau : il en faut au moins un."),
        Wrong.CHOICE_WITHOUT_NAME: _("Une liste n’a pas de nom."),
        Wrong.CHOICE_TWICE: _("La liste « %(about)s » est là deux fois : donnez à chacune son nom.") % about,
        Wrong.NUMBER_TWICE: _("Deux listes ont le numéro %(about)s : donnez à chacune le sien.") % about,
        Wrong.SHORT_TWICE: _("Deux listes ont le nom court « %(about)s » : donnez à chacune le sien.") % about,
        Wrong.TOO_FEW_CANDIDATES: _(
            "« %(about)s » : il faut au moins %(least)s noms sur une liste de cette commune (Code électoral, L252 et"
            " L260)."
        )
        % about,
        Wrong.STATION_WITHOUT_CODE: _("Un bureau n’a pas de numéro."),
        Wrong.CODE_IS_NO_ADDRESS: _("Le code « %(about)s » : lettres, chiffres et tirets seulement.") % about,
        Wrong.STATION_TWICE: _("Le bureau %(about)s est là deux fois.") % about,
        Wrong.NOBODY_REGISTERED: _("Le bureau %(about)s n’a pas d’inscrits : donnez leur nombre.") % about,
        Wrong.CLOSES_BEFORE_IT_OPENS: _("Le bureau %(about)s ferme avant d’ouvrir.") % about,
        Wrong.NO_SEATS: _("Le nombre de sièges doit être au moins 1, ou rester vide."),
        Wrong.KIND_OF_PLM: _(
            "Paris, Lyon et Marseille élisent leur conseil par une règle à elles, et leurs conseils d’arrondissement à"
            " part (loi 2025-795) : choisissez l’un de ces deux scrutins."
        ),
        Wrong.KIND_OF_OTHERS: _(
            "Ce scrutin n’existe qu’à Paris, à Lyon et à Marseille : choisissez « élection municipale »."
        ),
        Wrong.NO_SECTOR: _("Dites de quel arrondissement ou secteur est ce conseil, comme « 3e secteur »."),
        Wrong.SECTOR_OF_ANOTHER_KIND: _(
            "Un secteur n’a de sens que pour l’élection des conseillers d’arrondissement : laissez ce champ vide."
        ),
        Wrong.NO_COMMUNITY_SEATS: _(
            "Ce scrutin ne répartit pas de sièges communautaires entre les listes : ni au-dessous de 1 000 habitants"
            " (Code électoral, L273-11), ni à Lyon, ni hors des municipales. Laissez ce champ vide."
        ),
        Wrong.ALWAYS_GENERAL: _(
            "Une présidentielle, une européenne, une régionale ou un référendum ne sont jamais partiels : choisissez"
            " « élection générale »."
        ),
        Wrong.DAY_IS_GENERAL: _(
            "Ce jour-là, le même scrutin est général (%(about)s, sur ce site) : il ne peut pas être partiel ici."
        )
        % about,
        Wrong.PARTIAL_TOO_LATE: _(
            "Le jour du vote a commencé : une élection générale ne devient plus partielle, car ses résultats"
            " paraîtraient plus tôt."
        ),
        Wrong.DAY_HAS_BEGUN: _(
            "Le jour du vote a commencé\u00a0: cette soirée reste à ce jour tant que ses résultats sont sous embargo"
            " (Code électoral, L52-2)."
        ),
        Wrong.SHOWN_SOONER: _(
            "Le jour du vote a commencé\u00a0: la dernière fermeture et le scrutin ne changent plus de façon que des"
            " résultats paraissent plus tôt (Code électoral, L52-2)."
        ),
        Wrong.HOUR_IS_GIVEN: _("Des bureaux ont déjà donné leur participation à %(about)s : gardez cette heure.")
        % about,
    }[problem.wrong]


def alert(found: Alert, names: Sequence[str]) -> str:
    """Why a station needs a call; `names` of the lists in official order."""
    facts = {name: _written(value) for name, value in found.facts.items()}
    if found.asked:
        said = {"asked": sentence(found.asked, names), **facts}
        if "bag" in facts:
            return _("Centaine %(bag)s, confirmée\u00a0: «\u202f%(asked)s\u202f»") % said
        return _("Confirmé\u00a0: «\u202f%(asked)s\u202f»") % said
    return {
        Reason.DIFFERING: _("Les deux saisies des totaux diffèrent."),
        Reason.SILENT: _("Rien depuis la clôture, il y a %(minutes)s minutes."),
        Reason.STALLED: _("Aucune saisie depuis %(minutes)s minutes, le compte n’est pas fini."),
        Reason.GAP: _("%(signatures)s émargements, %(envelopes)s enveloppes."),
        Reason.HOUR_MISSING: _("Participation non donnée : %(hours)s."),
        Reason.UNSIGNED: _("Compte complet depuis %(minutes)s minutes, procès-verbal non signé."),
    }[found.reason] % facts
