"""Reads and writes of the ORM for asynchronous tests, through the one crossing."""

from django.db.models import Manager, Model, QuerySet

from atlas.common.db import in_db


async def rows(source, *args, **kwargs):
    """Return the named columns of a model or queryset, or what a function of the ORM returns."""
    if isinstance(source, type) and issubclass(source, Model):
        source = source.objects.all()
    if isinstance(source, QuerySet | Manager):
        return await in_db(lambda: list(source.values_list(*args)))
    return await in_db(source, *args, **kwargs)
