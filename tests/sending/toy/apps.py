from django.apps import AppConfig


class ToyConfig(AppConfig):
    name = "tests.sending.toy"
    label = "toy"
    default_auto_field = "django.db.models.BigAutoField"
