"""What changed from one campaign to the next, and certificates about to end."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from arobase.observatory.models import About, Change
from arobase.observatory.queries.follow import certificates_seen, changes, ending_certificates
from arobase.observatory.rules.profile import Layer
from arobase.observatory.sources.providers import catalogue
from arobase.observatory.views.follow.phrases import about, changed, named
from arobase.observatory.views.wording import layer_name
from arobase.territories.models import Kind, Territory
from arobase.web.access import ANYONE, open_to

PER_PAGE = 50
IN_FEED = 100
MOST_MOVES = 50
FILTERS = {"couche": "layer", "region": "territory__region__code", "departement": "territory__department__code"}


@open_to(ANYONE)
@require_safe
def changes_page(request: HttpRequest) -> HttpResponse:
    """All changes that the address asks for, and the moves by layer."""
    known, found = catalogue(), asked(request)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    layers = sorted(set(changes().order_by().values_list("layer", flat=True)))
    context = {
        "page": page,
        "rows": [(one, changed(one, known)) for one in page],
        "moves": [
            (layer_name(layer), named(before, known), named(after, known), n)
            for (layer, before, after), n in _moves(found)
        ],
        "layers": [(one, about(one)) for one in layers],
        "regions": _places(Kind.REGION),
        "departments": _places(Kind.DEPARTMENT),
        "asked": {name: request.GET.get(name, "") for name in (*FILTERS, "campagne")},
        "query": query.urlencode(),
    }
    return render(request, "observatory/follow/changes.html", context)


def _places(kind: Kind) -> list[tuple[str, str]]:
    """Codes and names of today's regions or departments."""
    found = Territory.objects.filter(kind=kind, valid_to__isnull=True).order_by("name")
    return list(found.values_list("code", "name"))


def asked(request: HttpRequest) -> QuerySet[Change]:
    """Changes by layer, place and campaign, as the address names them."""
    wanted = {column: request.GET[name] for name, column in FILTERS.items() if request.GET.get(name)}
    campaign = request.GET.get("campagne", "")
    if campaign.isascii() and campaign.isdigit() and len(campaign) < 10:  # noqa: PLR2004 - fits the key
        wanted["campaign"] = campaign
    return changes().filter(**wanted)


def _moves(found: QuerySet[Change]) -> list[tuple[tuple[str, tuple[str, ...], tuple[str, ...]], int]]:
    told = found.filter(layer__in=list(Layer)).order_by().values_list("layer", "before", "after")
    return Counter((layer, tuple(before), tuple(after)) for layer, before, after in told).most_common(MOST_MOVES)


class ChangesFeed(Feed):
    """The latest changes as Atom, of all territories or of one."""

    feed_type = Atom1Feed
    author_name = "Arobase"  # a feed without one is none (RFC 4287, section 4.1.1)

    def get_object(self, _request: HttpRequest, code: str = "") -> Territory | None:
        return get_object_or_404(Territory, pk=f"commune:{code}") if code else None

    def title(self, obj: Territory | None) -> str:
        return f"{obj.name} – {_('Ce qui a changé')}" if obj else _("Ce qui a changé")

    def link(self, obj: Territory | None) -> str:
        return reverse("observatory_commune", kwargs={"code": obj.code}) if obj else reverse("observatory_changes")

    def items(self, obj: Territory | None) -> Any:
        return changes().filter(**({"territory": obj} if obj else {}))[:IN_FEED]

    def item_title(self, item: Any) -> str:
        return changed(item, catalogue())

    def item_description(self, item: Any) -> str:
        return escape(changed(item, catalogue()))  # as HTML it is told, and holds what strangers wrote

    def item_link(self, item: Any) -> str:
        """The commune's page, which lists its latest changes; of a commune of before, all changes of the campaign."""
        town = item.territory
        if town.kind == Kind.COMMUNE and town.valid_to is None:
            return f"{reverse('observatory_commune', kwargs={'code': town.code})}#follow-heading"
        return f"{reverse('observatory_changes')}?campagne={item.campaign_id}"

    def item_guid(self, item: Any) -> str:
        """The same after a campaign was read again, which makes its changes anew."""
        what = f"{item.campaign_id}-{item.territory_id}-{item.layer}-{item.kind}"
        return f"{settings.SITE_URL}{reverse('observatory_changes')}#{what}"

    def item_updateddate(self, item: Any) -> Any:
        return item.campaign.published_at or item.campaign.began_at


@open_to(ANYONE)
@require_safe
def changes_feed(request: HttpRequest, code: str = "") -> HttpResponseBase:
    """The feed of all, or of one commune."""
    answer: HttpResponse = ChangesFeed()(request, **({"code": code} if code else {}))
    return answer


@open_to(ANYONE)
@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    """Certificates that ended, or end within 30 days, by day, and of how many that were seen."""
    today = timezone.localdate()
    found, campaigns = ending_certificates(on=today), certificates_seen()
    ending = Counter(one.campaign_id for _day, one in found)
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "today": today,
        "counted": [(one, ending[one.pk], n) for one, n in campaigns],
        "is_measured": any(one.about == About.COMMUNES for one, _n in campaigns),
    }
    return render(request, "observatory/follow/certificates.html", context)
