"""The catalogue of providers, read from providers.yaml and checked."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from arobase.observatory.rules.providers import Catalogue, Company, KnownProvider, Sign

Patterns = list[str]


class _Listed(BaseModel):
    """A provider as it stands in the file; an unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid")

    name: str
    company: str | list[str] = ""
    signs: dict[Sign, Patterns] = Field(default_factory=dict)
    asn: list[int] = Field(default_factory=list)
    spf_by_itself: bool = False
    sends_only: bool = False
    txt_other_uses: bool = False
    secnumcloud: bool = False


class BadCatalogue(ValueError):
    """The list of providers contradicts itself; the message says where."""


def read_catalogue(text: str) -> Catalogue:
    """A catalogue from YAML. Raises BadCatalogue, or pydantic's ValidationError with the place of what is wrong."""
    told = yaml.safe_load(text)
    companies = {slug: Company(slug, *row) for slug, row in told["companies"].items()}
    providers = []
    for slug, row in told["providers"].items():
        one = _Listed.model_validate(_with_signs(row))
        if isinstance(one.company, list):
            companies[slug] = Company(slug, *one.company)
            company = slug
        else:
            company = one.company or slug
        if company not in companies:
            raise BadCatalogue(f"{slug}: no company {company!r}")
        signs = {sign: tuple(patterns) for sign, patterns in one.signs.items()}
        claims = one.model_dump(include={"spf_by_itself", "sends_only", "txt_other_uses", "secnumcloud"})
        providers.append(KnownProvider(slug, one.name, company, signs, tuple(one.asn), **claims))
    for company_ in companies.values():
        if company_.owner and company_.owner not in companies:
            raise BadCatalogue(f"{company_.slug}: no owner {company_.owner!r}")
    return Catalogue(providers, companies.values(), version=str(told["version"]))


def _with_signs(row: dict[str, Any]) -> dict[str, Any]:
    signs = {str(sign) for sign in Sign}
    plain = {key: value for key, value in row.items() if key not in signs}
    return {**plain, "signs": {key: value for key, value in row.items() if key in signs}}


@cache
def catalogue() -> Catalogue:
    """The catalogue that comes with this release."""
    return read_catalogue((files("arobase.observatory") / "providers.yaml").read_text(encoding="utf-8"))
