"""The list of audit entries in the admin: searched by a form, queries paired with their ends."""

from typing import Any

import psycopg
from django.contrib import messages
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db import OperationalError
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from atlas.audit.models import AuditEntry
from atlas.audit.searching import AuditSearch
from atlas.audit.telling import endings

# Counting a log of millions of entries would take longer than reading a page of it.
MOST_LISTED = 10_000


class NewestPaginator(Paginator[AuditEntry]):
    """Pages of the newest entries; what comes after 10,000 is for a narrower search."""

    @cached_property
    def count(self) -> int:
        entries: Any = self.object_list
        found: int = entries.order_by().values("pk")[:MOST_LISTED].count()
        return found


class AuditList(ChangeList):
    """A page of entries that meet the form's fields, and how the queries among them ended."""

    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        fields = AuditSearch.base_fields
        found = super().get_filters_params(params)
        return {name: value for name, value in found.items() if name not in fields}

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        self.search = AuditSearch(request.GET)
        return self.search.narrow(super().get_queryset(request, exclude_parameters))

    def get_results(self, request: HttpRequest) -> None:
        try:
            super().get_results(request)
            self.result_list = list(self.result_list)
            self.endings = endings(self.result_list)
        except OperationalError as error:
            if not isinstance(error.__cause__, psycopg.errors.QueryCanceled):
                raise
            messages.error(request, _("That took too long. Name a shorter time."))
            self.queryset = self.queryset.none()
            super().get_results(request)
            self.endings = {}
        for entry in self.result_list:
            entry.ending = self.endings.get(entry.pk)

    @property
    def is_cut(self) -> bool:
        """Whether there are more entries than are listed."""
        return bool(self.result_count >= MOST_LISTED)
