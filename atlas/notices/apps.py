"""Notices by email: written down as rows, sent by the worker."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "atlas.notices"
    label = "notices"
    verbose_name = _("Notices")
