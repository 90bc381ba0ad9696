"""Invented towns of world.yaml, from one line each to the sites and zones that the servers serve."""

from typing import Any

PAGE = (
    '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{name}</title>{asks}</head>'
    "<body><h1>{name}</h1>{legal}</body></html>"
)
LEGAL = (
    '<a href="/mentions-legales">Mentions légales</a> '
    '<a href="/accessibilite">Accessibilité : partiellement conforme</a>'
)


def settle(world: dict[str, Any]) -> None:
    """Give every town its site and its zone, in place."""
    for town, (name, serving, hosting, posting, asking) in world["towns"].items():
        asks = "".join(world["asking"][one] for one in asking.split())
        page = PAGE.format(name=name, asks=asks, legal=LEGAL if hosting != "own" else "")
        host = world["hosting"][hosting]
        site = {"shares": hosting, "page": page, "headers": host.get("headers", {})}
        if "alias" in host:
            site |= {"alias": [f"www.{town}"]}
        else:
            site |= {"also": [f"www.{town}"]}
        world["sites"][town] = site
        world["zones"][town] = _zone(town, world, serving, posting)
        for own in ("ns", "mail"):
            world["zones"].setdefault(f"{own}.{town}", {"A": [world["hosting"]["own"]["at"]]})
    world["zones"] |= world["operators"]


def _zone(town: str, world: dict[str, Any], serving: str, posting: str) -> dict[str, list[str]]:
    label = town.partition(".")[0]
    servers = [one.format(town=town) for who in serving.split() for one in world["serving"][who]]
    post = world["posting"][posting]
    return {
        "NS": servers,
        **{type: [one.format(town=town, label=label) for one in told] for type, told in post.items()},
    }


def trial_list(world: dict[str, Any]) -> str:
    """The towns as the list that `arobase observatory campaign run --trial` takes."""
    rows = [f"{name},https://www.{town}/,{town}" for town, (name, *_choices) in world["towns"].items()]
    return "\n".join(["name,site,mail", *rows]) + "\n"
