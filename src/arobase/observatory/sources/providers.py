"""The catalogue of providers, read from providers.yaml and checked."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from arobase.observatory.rules.companies import Company, KnownProvider, Program, Qualification, Sign
from arobase.observatory.rules.providers import Catalogue

Patterns = list[str]
MONTH = r"\d{4}-(0[1-9]|1[0-2])"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's where it is there: five times as fast


class _Offer(BaseModel):
    """An offer beside ANSSI's list."""

    model_config = ConfigDict(extra="forbid")

    offer: str
    state: Literal["qualified", "on the way"]
    seen: str = Field(pattern=f"^{MONTH}$")


class _Listed(BaseModel):
    """A provider as it stands in the file; an unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid")

    name: str
    company: str | list[str] = ""
    signs: dict[Sign, Patterns] = Field(default_factory=dict)
    asn: list[int] = Field(default_factory=list)
    cdn_asn: list[int] = Field(default_factory=list)
    spf_by_itself: bool = False
    sends_only: bool = False
    spf_include: str = ""
    txt_other_uses: bool = False
    secnumcloud: list[_Offer] = Field(default_factory=list)
    source: str = ""


class _Served(BaseModel):
    """A program that sites serve themselves."""

    model_config = ConfigDict(extra="forbid")

    sign: Sign
    files: list[str] = Field(default_factory=list)
    labels: list[str] = Field(default_factory=list)


class BadCatalogue(ValueError):
    """The list of providers contradicts itself; the message says where."""


def read_catalogue(text: str) -> Catalogue:
    """A catalogue from YAML. Raises BadCatalogue, which names the provider, or ValidationError."""
    told = yaml.load(text, Loader=LOADER)  # noqa: S506 - both are the safe loader
    companies = {slug: Company(slug, *row) for slug, row in told["companies"].items()}
    sources, version, providers = told.get("sources", {}), str(told["version"]), []
    for slug, row in told["providers"].items():
        one = _listed(slug, row)
        if isinstance(one.company, list):
            companies[slug] = Company(slug, *one.company)
        provider = _provider(slug, one)
        if provider.company not in companies:
            raise BadCatalogue(f"{slug}: no company {provider.company!r}")
        _check_dates(provider, sources, version)
        providers.append(provider)
    for company in companies.values():
        if company.owner and company.owner not in companies:
            raise BadCatalogue(f"{company.slug}: no owner {company.owner!r}")
    _check_owners(providers, companies)
    states = told.get("states", {})
    return Catalogue(providers, companies.values(), version=version, programs=_programs(told), states=states)


def _listed(slug: str, row: dict[str, Any]) -> _Listed:
    try:
        return _Listed.model_validate(_with_signs(row))
    except ValidationError as error:
        raise BadCatalogue(f"{slug}: {error}") from error


def _check_dates(provider: KnownProvider, sources: Mapping[str, Any], version: str) -> None:
    """What a provider was read from was read in a month that there was. Raises BadCatalogue."""
    if provider.source and provider.source not in sources:
        raise BadCatalogue(f"{provider.slug}: no source {provider.source!r}")
    row = sources.get(provider.source) or ["", None]
    months = [(f"source {provider.source!r}", str(row[-1]))] if provider.source else []
    months += [(f"secnumcloud {one.offer!r}", one.seen) for one in provider.qualifications]
    for what, month in months:
        if not re.fullmatch(MONTH, month):
            raise BadCatalogue(f"{provider.slug}: {what} was read in {month!r}; expected a month such as 2025-11")
        if re.match(MONTH, version) and month > version[:7]:
            raise BadCatalogue(f"{provider.slug}: {what} was read in {month}, after the list of {version}")


def _check_owners(providers: Iterable[KnownProvider], companies: Mapping[str, Company]) -> None:
    """Every owner leads up to a last one, whose law counts. Raises BadCatalogue."""
    named = {one.company: one.slug for one in providers}
    for slug in companies:
        above = [slug]
        while owner := companies[above[-1]].owner:
            if owner in above:
                round_ = " → ".join([*above[above.index(owner) :], owner])
                raise BadCatalogue(f"{named.get(slug, slug)}: its owners go round ({round_}); one must be the last")
            above.append(owner)


def _provider(slug: str, one: _Listed) -> KnownProvider:
    return KnownProvider(
        slug,
        one.name,
        slug if isinstance(one.company, list) else one.company or slug,
        {sign: tuple(patterns) for sign, patterns in one.signs.items()},
        asn=tuple(one.asn),
        cdn_asn=tuple(one.cdn_asn),
        spf_by_itself=one.spf_by_itself,
        sends_only=one.sends_only,
        spf_include=one.spf_include,
        txt_other_uses=one.txt_other_uses,
        qualifications=tuple(Qualification(row.offer, row.state == "qualified", row.seen) for row in one.secnumcloud),
        source=one.source,
    )


def _programs(told: dict[str, Any]) -> list[Program]:
    rows = {name: _Served.model_validate(row) for name, row in told.get("programs", {}).items()}
    return [Program(name, one.sign, tuple(one.files), tuple(one.labels)) for name, one in rows.items()]


def _with_signs(row: dict[str, Any]) -> dict[str, Any]:
    signs = {str(sign) for sign in Sign}
    plain = {key: value for key, value in row.items() if key not in signs}
    return {**plain, "signs": {key: value for key, value in row.items() if key in signs}}


@cache
def catalogue() -> Catalogue:
    """The catalogue that comes with this release."""
    return read_catalogue((files("arobase.observatory") / "providers.yaml").read_text(encoding="utf-8"))
