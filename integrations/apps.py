from django.apps import AppConfig
from django.db.models.signals import post_migrate


class IntegrationsConfig(AppConfig):
    name = "integrations"
    verbose_name = "Integraciones"

    def ready(self) -> None:
        from integrations import set_up_lists
        from integrations.attention import news, panel_facts, restore
        from integrations.catalog import items
        from integrations.configuration import charges, joining, set_up
        from integrations.documents import registration
        from integrations.intake import after_restore, backlog, left_out, refused
        from integrations.payments import registration as payments
        from integrations.scoping import (
            cache,
            database_role,
            database_scope,
            database_waits,
            lacking,
        )

        database_scope.connect()
        database_waits.connect()
        lacking.connect()
        registration.connect()
        payments.connect()
        joining.connect()
        charges.use(items)
        set_up.connect()
        set_up_lists.register()
        news.connect()
        panel_facts.connect()
        left_out.connect()
        refused.connect()
        backlog.connect()
        after_restore.connect()
        restore.connect()
        post_migrate.connect(
            database_role.after_migrate,
            sender=self,
            dispatch_uid="scoping.database_role",
        )
        # Connected after it: the application's role gets its rights to the table from that step.
        post_migrate.connect(cache.make_table, sender=self, dispatch_uid="scoping.cache")
