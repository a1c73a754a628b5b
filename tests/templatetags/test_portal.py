import re
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template

ROOT = Path(__file__).resolve().parents[2]
SPACE = "\u00a0"


def _rendered(template: str, **context) -> str:
    return Template(template).render(Context(context))


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (174900, "$·174.900"),
        (Decimal("1971000.40"), "$·1.971.000"),
        (Decimal("0.5"), "$·1"),
        (0, "$·0"),
        (-1500, "−$·1.500"),
        (None, ""),
        ("x", ""),
    ],
)
def test_pesos_are_written_as_in_colombia(amount, text):
    assert _rendered("{{ a|pesos }}", a=amount) == text.replace("·", SPACE)


def test_cents_are_shown_where_they_are_asked_for():
    assert _rendered("{{ a|pesos_with_cents }}", a=Decimal("27925.214")) == f"${SPACE}27.925,21"


@pytest.mark.parametrize(
    ("value", "text"), [(1842, "1.842"), (Decimal("2.5000"), "2,5"), (Decimal("100"), "100")]
)
def test_numbers_are_grouped_with_points(value, text):
    assert _rendered("{{ n|number }}", n=value) == text


def test_an_id_in_a_page_stays_a_number():
    assert _rendered('<input value="{{ pk }}">', pk=12345) == '<input value="12345">'


def test_an_icon_decorates_or_carries_meaning():
    assert 'aria-hidden="true"' in _rendered('{% icon "ok" %}')
    labelled = _rendered('{% icon "trash" label="Eliminar «a»" %}')
    assert 'role="img" aria-label="Eliminar «a»"' in labelled
    assert "icons.svg#i-trash" in labelled


def test_every_icon_that_a_template_names_is_drawn():
    drawn = set(re.findall(r'id="i-([\w-]+)"', (ROOT / "static" / "icons.svg").read_text()))
    assert len(drawn) > 40
    for path in (ROOT / "templates").rglob("*.html"):
        named = re.findall(r'{% icon "([\w-]+)"', path.read_text())
        assert set(named) <= drawn, path


def test_no_page_holds_what_a_strict_policy_forbids():
    """Mails may have inline styles; pages may not."""
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        is_page = text.startswith(('{% extends "base', '{% extends "allauth'))
        if ("notifications" in path.parts and not is_page) or "email" in path.parts:
            continue
        found = re.search(r"\sstyle=|\son(click|submit|change|load)=|hx-on|<style", text)
        assert not found, f"{path}: {found}"
        for script in re.findall(r"<script\b[^>]*>", text):
            assert "src=" in script or "application/json" in script, f"{path}: {script}"


class _Form(forms.Form):
    name = forms.CharField(label="Nombre", help_text="Como quieras.")
    kind = forms.ChoiceField(label="Clase", choices=[("a", "A"), ("b", "B")])
    mode = forms.ChoiceField(label="Modo", choices=[("d", "Borrador")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label="Entiendo")
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_field_has_its_label_help_and_error_tied_to_it():
    form = _Form({})
    name = form["name"].as_field_group()
    assert '<label class="form-label" for="id_name">Nombre</label>' in name
    assert 'class="form-control is-invalid"' in name
    assert 'aria-invalid="true"' in name
    assert 'aria-describedby="id_name_helptext id_name_error"' in name
    assert 'id="id_name_helptext"' in name
    assert 'id="id_name_error"' in name
    assert 'class="form-select is-invalid"' in form["kind"].as_field_group()
    assert 'class="form-check-input is-invalid"' in form["sure"].as_field_group()


def test_choices_are_a_group_with_a_legend_and_keep_what_was_chosen():
    group = _Form({"mode": "d"})["mode"].as_field_group()
    assert "<fieldset" in group
    assert '<legend class="form-label">Modo</legend>' in group
    assert re.search(r'type="radio" name="mode" value="d"[^>]* checked', group)


def test_a_hidden_field_shows_nothing():
    assert _Form()["hidden"].as_field_group().startswith('<input type="hidden"')
    assert "label" not in _Form()["hidden"].as_field_group()
