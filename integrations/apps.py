from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "integrations"
    verbose_name = "Integraciones"

    def ready(self) -> None:
        from integrations.scoping import database_scope

        database_scope.connect()
