"""People and their API keys."""

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from atlas.accounts.roles import Role


class User(AbstractUser):
    """A person with exactly one role; `is_staff` follows from it and is never set by hand.

    `epoch` grows when the person's rights change (role, deactivation, password, logout
    everywhere); an open socket whose epoch is older is closed.
    """

    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.VIEWER)
    epoch = models.PositiveIntegerField(default=0, editable=False)

    objects = UserManager()

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
        return self.get_full_name() or self.username

    def save(self, *args: object, **kwargs: object) -> None:
        self.is_staff = self.role == Role.ADMIN
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # Django's own signature

    @property
    def as_role(self) -> Role:
        return Role(self.role)

    @property
    def may_ask(self) -> bool:
        return self.is_active and self.as_role.may_ask

    @property
    def is_atlas_admin(self) -> bool:
        return self.is_active and self.as_role is Role.ADMIN


class ApiKey(models.Model):
    """A hashed bearer key; it never grants more than its owner's role of the moment."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=12, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.VIEWER)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("API key")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
