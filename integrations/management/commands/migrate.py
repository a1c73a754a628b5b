"""`migrate` as the owner of the tables, where the application has a role of its own."""

from django.core.management.commands.migrate import Command as Migrate

from integrations.scoping.context import unscoped
from integrations.scoping.database_role import as_owner


class Command(Migrate):
    def handle(self, *args, **options):
        with as_owner(), unscoped("migrations"):
            return super().handle(*args, **options)
