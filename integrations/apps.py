from django.apps import AppConfig
from django.db.models.signals import post_migrate


class IntegrationsConfig(AppConfig):
    name = "integrations"
    verbose_name = "Integraciones"

    def ready(self) -> None:
        from integrations.attention import news
        from integrations.documents import registration
        from integrations.scoping import database_role, database_scope

        database_scope.connect()
        registration.connect()
        news.connect()
        post_migrate.connect(
            database_role.after_migrate,
            sender=self,
            dispatch_uid="scoping.database_role",
        )
