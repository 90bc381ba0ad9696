"""People and what they may do where."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from arobase.accounts.roles import Role


class UserManager(BaseUserManager["User"]):
    """Makes users from an e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Someone who can sign in, known by e-mail."""

    email = models.EmailField(_("adresse électronique"), unique=True)
    name = models.CharField(_("nom"), max_length=150, blank=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email


class Grant(models.Model):
    """A role given to someone, everywhere or (with `territory_id`) for one territory."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    territory_id = models.CharField(max_length=40, blank=True)
    given_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "territory_id"], name="one_grant_per_role_and_place"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="grant_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role} {self.territory_id}".strip()


class AccessEvent(models.Model):
    """Who gave or withdrew what, and when; rows are only ever added (the database refuses to change one).

    Accounts are kept as numbers without a foreign key: what happened outlives an account, its e-mail does not.
    """

    class Verb(models.TextChoices):
        CREATED = "created", _("compte créé")
        GIVEN = "given", _("rôle donné")
        WITHDRAWN = "withdrawn", _("rôle retiré")

    at = models.DateTimeField()
    verb = models.CharField(max_length=10, choices=Verb.choices)
    person = models.BigIntegerField(db_index=True)
    by = models.BigIntegerField(null=True)
    role = models.CharField(max_length=20, blank=True)
    territory_id = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verb="created", role="") | models.Q(verb__in=["given", "withdrawn"], role__gt=""),
                name="event_names_its_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.role} {self.territory_id}".strip()
