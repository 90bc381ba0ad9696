"""The roles people hold."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What someone may be, for a capability and sometimes for one territory only."""

    OPERATOR = "operator", _("exploitant")
    ORGANISER = "organiser", _("organisateur du label")
    JUROR = "juror", _("juré")
    AGENT = "agent", _("agent d’un territoire")
