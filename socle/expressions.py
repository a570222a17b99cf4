"""SQL expressions that Django does not have."""

from django.db import models


class PlusJours(models.Func):
    """A date plus a number of days."""

    template = "(%(expressions)s)"
    arg_joiner = " + "
    output_field = models.DateField()


class JourParis(models.Func):
    """The day in Paris of an instant, as a constraint may write it (the same for ever: no setting of the session)."""

    template = "((%(expressions)s) AT TIME ZONE 'Europe/Paris')::date"
    output_field = models.DateField()
