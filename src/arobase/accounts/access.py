"""The audiences that views are open to because of the roles people hold."""

from arobase.accounts.queries import holds, places_of
from arobase.accounts.roles import Role
from arobase.web.access import Audience


def holders_of(role: Role, *, territory_argument: str | None = None) -> Audience:
    """Those who hold a role; with `territory_argument`, for the territory that this view argument names by id."""

    def admits(user: object, **arguments: object) -> bool:
        territory = str(arguments[territory_argument]) if territory_argument else None
        return holds(user, role, territory_id=territory)

    return Audience(role.value, admits)


ORGANISERS = holders_of(Role.ORGANISER)
OPERATORS = holders_of(Role.OPERATOR)
AGENTS = Audience(Role.AGENT.value, lambda user, **_arguments: bool(places_of(user, Role.AGENT)))
