"""The tables as the models say them, so that they follow what every kind of work has."""

from django.db import migrations


def create(apps, editor):
    from tests.sending.toy import models

    for model in (models.Toy, models.ToyStateChange, models.ToyStep, models.ToyAttempt,
                  models.ToyProblem):  # fmt: skip
        editor.create_model(model)


class Migration(migrations.Migration):
    dependencies = [("integrations", "0001_initial")]
    operations = [migrations.RunPython(create)]
