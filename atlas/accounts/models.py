"""People, their API keys, and their failed sign-ins."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from atlas.accounts.claims import check_claims
from atlas.accounts.roles import Role, Scope


class People(UserManager["User"]):
    """Django's manager; whoever is made as superuser is an admin as well."""

    def create_superuser(self, username: str, *args: Any, **fields: Any) -> "User":
        """Make an admin; being superuser alone would give no right at all."""
        return super().create_superuser(username, *args, **{"role": Role.ADMIN, **fields})


class User(AbstractUser):
    """A person with exactly one role; `is_staff` follows from it and is never set by hand.

    `epoch` grows when the person's rights change (role, claims, deactivation, password, sign-out, a
    revoked key); an open socket whose epoch is older is closed. `session_epoch` grows with
    signing out everywhere; a session that began under another one is over.
    """

    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.VIEWER)
    epoch = models.PositiveIntegerField(default=0, editable=False)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    claims = models.JSONField(
        _("claims"),
        default=dict,
        blank=True,
        validators=[check_claims],
        help_text=_(
            'What row policies compare rows with, as a JSON object, such as {"tenant": "acme"}.'
        ),
    )

    email_notices = models.BooleanField(
        _("email notices"),
        default=True,
        db_default=True,
        help_text=_("A note by email when a request waits for you, and when yours has ended."),
    )

    objects: ClassVar[People] = People()

    # Set on the in-memory user of an API key, who has the key's rights and is not saved.
    is_narrowed = False
    scopes: frozenset[Scope] = frozenset(Scope)

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                name="user_role_known", condition=models.Q(role__in=[role.value for role in Role])
            ),
            models.CheckConstraint(
                name="user_is_staff_follows_role",
                condition=models.Q(role=Role.ADMIN, is_staff=True)
                | (~models.Q(role=Role.ADMIN) & models.Q(is_staff=False)),
            ),
        ]

    def __str__(self) -> str:
        """The name that people chose, with the one that they sign in with where it differs.

        Names are free to choose, so that alone they do not say who somebody is.
        """
        name = self.get_full_name()
        if not name or name.casefold() == self.username.casefold():
            return name or self.username
        return f"{name} ({self.username})"

    def save(self, *args: object, **kwargs: object) -> None:
        if self.is_narrowed:
            raise RuntimeError("The user of an API key carries the key's role and is not saved.")
        self.is_staff = self.role == Role.ADMIN
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature

    @property
    def as_role(self) -> Role:
        return Role(self.role)

    @property
    def may_ask(self) -> bool:
        return self.is_active and self.as_role.may_ask and Scope.ASK in self.scopes

    @property
    def may_decide(self) -> bool:
        """Whether the role decides at all; each request says who decides it."""
        return self.is_active and self.as_role.may_ask and Scope.DECIDE in self.scopes

    @property
    def is_atlas_admin(self) -> bool:
        return self.is_active and self.as_role is Role.ADMIN

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """The role decides alone: Django's permissions and superuser flag add nothing."""
        return self.is_atlas_admin

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_atlas_admin

    def get_session_auth_hash(self) -> str:
        """Ends sessions at a new password, and at signing out everywhere."""
        return f"{super().get_session_auth_hash()}:{self.session_epoch}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for known in super().get_session_auth_fallback_hash():
            yield f"{known}:{self.session_epoch}"


class ApiKey(models.Model):
    """A hashed bearer key; it never grants more than its owner's role of the moment."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=12, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.VIEWER)
    scopes = models.JSONField(_("may also"), default=list)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("API key")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class Absence(models.Model):
    """A time in which a colleague decides requests for a person who is away.

    It counts from `starts_at` to `ends_at` by the database's clock; `ended_at` is when it was
    taken back before. Rows stay, since they say by which right a vote was cast.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    delegate = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    ended_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="absence_ends_after_start",
                condition=models.Q(ends_at__gt=models.F("starts_at")),
            ),
            models.CheckConstraint(
                name="absence_needs_another", condition=~models.Q(person=models.F("delegate"))
            ),
        ]
        indexes = [
            models.Index(
                fields=["delegate"], name="absence_kept", condition=models.Q(ended_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.delegate_id} for {self.person_id}"


class LoginAttempt(models.Model):
    """How often one name was tried from one address in a row, without success."""

    username = models.CharField(max_length=150)
    address = models.CharField(max_length=64)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["username", "address"], name="attempts_once"),
        ]
        indexes = [models.Index(fields=["address", "last_at"], name="attempts_by_address")]

    def __str__(self) -> str:
        return f"{self.username} from {self.address}"
