"""`createcachetable` as the owner of the tables: only the owner may make one."""

from django.core.management.commands.createcachetable import Command as CreateCacheTable

from integrations.scoping.database_role import as_owner


class Command(CreateCacheTable):
    def handle(self, *args, **options):
        with as_owner():
            return super().handle(*args, **options)
