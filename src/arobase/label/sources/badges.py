"""Open Badges 3.0: signed with the site’s key, baked into a drawing, listed when revoked, checked without network."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _
from openbadgeslib import baking
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3 import (
    Achievement,
    Evidence,
    Issuer,
    OB3LdpSigner,
    OB3VerificationError,
    OpenBadgeCredential,
    add_data_integrity_proof,
    build_status_list_credential,
    resolve_did,
    status_entry,
    verify_data_integrity_proof,
)

from arobase.label.actions.badges import keep_signed
from arobase.label.models import Badge, Edition
from arobase.label.queries.badges import badge_of, revoked_numbers
from arobase.label.queries.phrases import level_words
from arobase.label.rules.badges import Finding, Window, finding
from arobase.label.rules.signs import site_badge
from arobase.label.sources.keys import issuer, private_key, public_keys, verification_method
from arobase.web.files import UnreadableFile

LABEL = "Territoires, Villes et Villages Internet"
MOST_BYTES = 512 * 1024
LIST_LASTS = timedelta(days=2)  # a copy of the status list that is older proves nothing


@dataclass(frozen=True)
class Checked:
    """A badge that was read: what holds of it, what it says, and the badge of this site that it is, if it is one."""

    finding: Finding
    says: OpenBadgeCredential
    window: Window
    badge: Badge | None


def signed(badge: Badge) -> str:
    """The credential as JSON; signed when it is first asked for, the same ever after. Raises UnusableKey."""
    if badge.signed:
        return badge.signed
    signer = OB3LdpSigner(private_key(), verification_method())
    return keep_signed(badge.pk, signer.sign_to_json(credential(badge), created=badge.valid_from))


def baked(badge: Badge) -> bytes:
    """The badge's drawing with the credential in it."""
    award = badge.award
    with override("fr"):
        said = level_words(badge.level)
    drawing = site_badge(str(award.territory), badge.level, label_year=award.edition_id, said=said)
    return baking.bake_svg(
        drawing.encode(), signed(badge), element=baking.SVG_ELEMENT_OB3, namespace=baking.SVG_NS_OB3, as_text=True
    )


def status_list(*, at: datetime) -> str:
    """The list of the badges that were taken back, signed; made anew each hour and when one is."""
    return _status_list(frozenset(revoked_numbers()), at.replace(minute=0, second=0, microsecond=0), issuer())


def check(content: bytes, *, at: datetime) -> Checked:
    """What holds of a badge, given as JSON or as a drawing that carries it; nothing is fetched.

    Raises   UnreadableFile, UnusableKey
    """
    document = _document(content)
    try:
        says = OpenBadgeCredential.from_vc_document(document)
        since = says.issuance_date
    except (LibOpenBadgesException, KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableFile(_("Ce JSON n’est pas un Open Badge 3.0.")) from error
    if since is None:
        raise UnreadableFile(_("Ce JSON n’est pas un Open Badge 3.0."))
    window = Window(since, says.expiration_date)
    is_intact, is_signed_here = _proof(document)
    badge = badge_of(_uid(says)) if is_signed_here else None
    if badge is not None and (not badge.signed or json.loads(badge.signed) != document):
        is_intact = False  # the proof covers what its terms define; here every letter is known
    found = finding(
        is_intact=is_intact,
        is_ours=badge is not None,
        is_revoked=badge is not None and badge.revoked_at is not None,
        window=window,
        at=at,
    )
    return Checked(found, says, window, badge)


def achievement(edition: Edition, level: int) -> Achievement:
    """What a badge of an edition and a level stands for."""
    address = settings.SITE_URL + reverse("achievement", kwargs={"year": edition.pk, "level": level})
    facts = {"label": LABEL, "year": edition.pk}
    with override("fr"):
        facts["level"] = level_words(level)
        return Achievement(
            id=address,
            name=gettext("%(label)s %(year)s : %(level)s") % facts,
            description=gettext("Niveau %(level)s du label %(label)s, édition %(year)s.") % facts,
            criteria_narrative=gettext(
                "Actions numériques du territoire, lues et notées par un jury indépendant, "
                "puis décidées en délibération selon le référentiel de l’édition."
            ),
            achievement_type="Award",
        )


def credential(badge: Badge) -> OpenBadgeCredential:
    """What a badge says, before it is signed. Raises UnusableKey."""
    award, site = badge.award, settings.SITE_URL
    place = {"kind": award.territory.slug, "code": award.territory.code}
    page = site + reverse("laureate", kwargs={"year": award.edition_id, **place})
    says = achievement(award.edition, badge.level)
    with override("fr"):
        marked = gettext("Exemple inventé : ") if award.is_sample else ""
    return OpenBadgeCredential(
        issuer=Issuer(id=issuer(), name=marked + LABEL, url=site),
        recipient_id=site + reverse("territory", args=[award.territory.slug, award.territory.code]),
        achievement=says,
        id=site + reverse("badge_credential", args=[badge.uid]),
        name=f"{marked}{award.name_as_printed}, {says.name}",
        issuance_date=badge.valid_from,
        expiration_date=badge.valid_until,
        evidence=[Evidence(id=page, name=f"{award.name_as_printed}, label {award.edition_id}")],
        credential_status=[status_entry(site + reverse("badge_status"), "revocation", badge.pk)],
    )


@lru_cache(maxsize=4)
def _status_list(revoked: frozenset[int], since: datetime, did: str) -> str:
    document = build_status_list_credential(
        did,
        settings.SITE_URL + reverse("badge_status"),
        "revocation",
        revoked,
        issued=since,
        valid_until=since + LIST_LASTS,
    )
    return json.dumps(add_data_integrity_proof(document, private_key(), verification_method(), created=since))


def _document(content: bytes) -> dict[str, object]:
    if len(content) > MOST_BYTES:
        raise UnreadableFile(_("Ce fichier dépasse %(most)s ko : ce n’est pas un badge."), most=MOST_BYTES // 1024)
    text = content.strip()
    if text.startswith(b"<"):
        text = _carried(text)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(_("Ce fichier n’est ni un badge en JSON ni un dessin SVG qui en porte un.")) from error
    if not isinstance(document, dict):
        raise UnreadableFile(_("Ce JSON n’est pas un Open Badge 3.0."))
    return document


def _carried(drawing: bytes) -> bytes:
    try:
        found = baking.extract_svg(drawing, element=baking.SVG_ELEMENT_OB3, text_fallback=True)
    except Exception as error:
        raise UnreadableFile(_("Ce dessin SVG ne peut pas être lu.")) from error
    if found is None:
        raise UnreadableFile(_("Ce dessin SVG ne porte pas de badge."))
    return found.encode()


def _proof(document: dict[str, object]) -> tuple[bool, bool]:
    """Whether the proof holds, and whether a key of this site made it; a stranger's key is read off its did:key."""
    proof = document.get("proof")
    method = proof.get("verificationMethod") if isinstance(proof, dict) else None
    did, _hash, name = str(method).partition("#")
    ours = public_keys().get(name)
    try:
        key = ours or (resolve_did(did) if did.startswith("did:key:") else None)
        if key is None:
            return True, False  # nobody here can tell: a stranger's
        verify_data_integrity_proof(document, key)
    except (OB3VerificationError, LibOpenBadgesException, ValueError, TypeError):
        return False, ours is not None
    return True, ours is not None


def _uid(says: OpenBadgeCredential) -> str:
    return str(says.id or "").rpartition("/")[2]
