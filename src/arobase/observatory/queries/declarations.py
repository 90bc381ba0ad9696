"""What communes declare, counted: sites, extensions, mail of their own."""

from dataclasses import dataclass
from functools import lru_cache

from arobase.observatory.queries.dependence import Dependence
from arobase.observatory.rules.criteria.presence import bare, is_anothers
from arobase.observatory.rules.criteria.referential import has_sovereign_ending


@dataclass(frozen=True)
class Declarations:
    """So many of `communes` (inhabitants in `people`) declare a site and a mail domain, and of which kind.

    sovereign  sites whose name has an extension of the State's list (criterion 1.2)
    own        mail at a domain that is no provider's (2.2)
    same       mail at the site's own domain (2.3)
    """

    communes: int
    sites: int
    people_with_site: int
    people: int
    sovereign: int
    mails: int
    own: int
    same: int


@lru_cache(maxsize=2)
def declarations(on: Dependence) -> Declarations:
    """Counted once for each state of the data."""
    with_site = [one for one in on.subjects if one.site]
    with_mail = [one for one in on.subjects if one.mail]
    own = [one for one in with_mail if not is_anothers(one.mail, on.catalogue)]
    return Declarations(
        communes=len(on.subjects),
        sites=len(with_site),
        people_with_site=sum(one.population or 0 for one in with_site),
        people=sum(one.population or 0 for one in on.subjects),
        sovereign=sum(has_sovereign_ending(one.site) for one in with_site),
        mails=len(with_mail),
        own=len(own),
        same=sum(bare(one.site) == one.mail for one in own if one.site),
    )
