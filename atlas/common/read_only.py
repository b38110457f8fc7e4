"""What people may only read in Django admin."""

from typing import Any, ClassVar

from django.http import HttpRequest


class ReadOnly:
    """For a model admin: people of the role admin read; nobody adds, changes or deletes."""

    list_filter: ClassVar[Any]
    date_hierarchy: ClassVar[Any]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(getattr(request.user, "is_atlas_admin", False))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Whether an address may narrow the list by this: only by what the page itself filters by.

        By any other column what the page does not show could be guessed, a letter at a time.
        """
        return lookup.partition("__")[0] in {*self.list_filter, self.date_hierarchy}
