"""`arobase label`: the work of the jury; each verb is a module beside this one that adds itself to the group."""

import click
from django.utils.translation import gettext as _


@click.group(help=_("Le jury du label : qui évalue quel dossier, et ce que valent les notes."))
def label() -> None:
    """Hold the verbs; those that need the database make the home ready themselves."""
