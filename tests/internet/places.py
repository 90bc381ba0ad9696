"""What the name server says of the hosts that world.yaml lists under `sites` and `mail_hosts`."""

from typing import Any

Zones = dict[str, dict[str, list[str]]]


def zones_of(world: dict[str, Any]) -> Zones:
    """Addresses and aliases of web and mail hosts."""
    zones: Zones = {}
    for name, site in world["sites"].items():
        edge = site.get("through", name)
        host = world["hosting"][site["shares"]] if "shares" in site else world["sites"][edge]
        for one in (name, *site.get("also", ())):
            zones[one] = _addresses(host)
        if "alias" in host:
            edge = f"{name.partition('.')[0]}.{host['alias']}"
            zones[edge] = _addresses(host)
        for one in site.get("alias", ()):
            zones[one] = {"CNAME": [f"{edge}."]}
    for name, host in world["mail_hosts"].items():
        zones[name] = _addresses(host)
        zones[host["town"]]["MX"] = [f"10 {name}."]
    for n in range(len(world["tricks"]["to"])):
        zones[f"ruse{n}.test"] = _addresses(world["tricks"])
    for name in world["sites"]:
        if name.count(".") == 1 and "shares" not in world["sites"][name]:
            zones[name] |= {"NS": ["ns1.host.test.", "ns2.host.test."]}
    return zones


def _addresses(host: dict[str, Any]) -> dict[str, list[str]]:
    return {"A": [host["at"]]} | ({"AAAA": [host["at6"]]} if "at6" in host else {})
