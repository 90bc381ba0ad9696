"""Alternatives, read from alternatives.yaml and checked against the catalogue of providers."""

from functools import cache
from importlib.resources import files
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from arobase.observatory.rules.alternatives import Alternative, Alternatives, Remark, Sort
from arobase.observatory.rules.profile import Layer
from arobase.observatory.rules.providers import Catalogue, Law
from arobase.observatory.sources.providers import catalogue


class BadAlternative(ValueError):
    """An alternative that must not be proposed; the message says which and why."""


class _Listed(BaseModel):
    """An alternative as it stands in the file: exactly one of provider, software and without."""

    model_config = ConfigDict(extra="forbid")

    provider: str = ""
    software: str = ""
    without: bool = False
    publisher: str = ""
    remark: Remark = Remark.NOTHING
    source: str = ""

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if [bool(self.provider), bool(self.software), self.without].count(True) != 1:
            raise ValueError("expected one of provider, software, without")
        if not self.without and not self.source.startswith("https://"):
            raise ValueError("expected a source, such as https://joinpeertube.org/")
        return self


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: str
    layers: dict[Layer, list[_Listed]]


def read_alternatives(text: str, known: Catalogue) -> Alternatives:
    """Alternatives from YAML.

    Raises BadAlternative for a provider that is not in the catalogue or obeys neither European nor adequate law, and
    pydantic's ValidationError with the place of what is wrong.
    """
    told = _File.model_validate(yaml.safe_load(text))
    return {layer: tuple(_alternative(layer, one, known) for one in rows) for layer, rows in told.layers.items()}


def _alternative(layer: Layer, one: _Listed, known: Catalogue) -> Alternative:
    if one.software:
        return Alternative(Sort.SOFTWARE, one.software, country=one.publisher, remark=one.remark, source=one.source)
    if one.without:
        return Alternative(Sort.WITHOUT, remark=one.remark)
    provider = known.providers.get(one.provider)
    if provider is None:
        raise BadAlternative(f"{layer}: no provider {one.provider!r} in the catalogue")
    law, owners = known.law(one.provider), known.owners(one.provider)
    if law not in {Law.EU, Law.ADEQUATE}:
        raise BadAlternative(f"{layer}: {one.provider} obeys {law} law")
    country = owners[0].country if owners else ""
    return Alternative(Sort.PROVIDER, provider.name, one.provider, country, law, one.remark, one.source)


@cache
def alternatives() -> Alternatives:
    """The alternatives that come with this release."""
    text = (files("arobase.observatory") / "alternatives.yaml").read_text(encoding="utf-8")
    return read_alternatives(text, catalogue())
