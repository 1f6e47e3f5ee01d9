from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation


def show(source: str, query: str = "", **context: Any) -> str:
    request = RequestFactory().get(f"/accounts/email/{query}")
    loaded = "{% load components formats %}" + source
    with translation.override("en"):
        return Template(loaded).render(Context({"request": request, "csrf_token": "token", **context}))


def test_a_first_click_sorts_up_and_a_second_down_and_the_search_stays() -> None:
    tag = "{% sort_header 'amount' 'Amount' %}"
    assert 'href="?q=a&amp;sort=amount"' in show(tag, "?q=a&page=3")
    sorted_up = show(tag, "?sort=amount")
    assert 'aria-sort="ascending"' in sorted_up
    assert 'href="?sort=-amount"' in sorted_up
    sorted_down = show(tag, "?sort=-amount")
    assert 'aria-sort="descending"' in sorted_down
    assert 'href="?sort=amount"' in sorted_down


def test_the_order_without_a_choice_is_shown() -> None:
    assert 'aria-sort="descending"' in show("{% sort_header 'day' 'Day' default='-day' %}")


def test_pages_keep_the_search_and_name_the_present_one() -> None:
    html = show("{% pagination page %}", "?q=a&page=2", page=Paginator(range(100), 10).page(2))
    assert 'href="?q=a&amp;page=1"' in html
    assert 'href="?q=a&amp;page=10"' in html
    assert '<span class="page-link" aria-current="page">2</span>' in html


def test_a_single_page_has_no_page_links() -> None:
    assert "<nav" not in show("{% pagination page %}", page=Paginator(range(3), 10).page(1))


def test_a_state_has_word_tone_and_mark_and_an_unknown_one_is_neutral() -> None:
    overdue = show("{% state_badge 'overdue' 'Overdue' %}")
    assert "tone-error" in overdue
    assert "#exclamation-circle" in overdue
    assert ">Overdue</span>" in overdue
    assert '<span class="tag tone-neutral">Odd</span>' in show("{% state_badge 'odd' 'Odd' %}")


def test_navigation_marks_where_one_is_and_leaves_out_what_does_not_exist() -> None:
    assert 'aria-current="page"' in show("{% nav_link 'account_email' 'Mail' %}")
    assert "aria-current" not in show("{% nav_link 'account_login' 'Sign in' %}")
    assert show("{% nav_link 'no_such_page' 'Nothing' %}").strip() == ""


def test_what_a_person_entered_is_escaped() -> None:
    hostile = "<script>alert(1)</script>"
    sources = (
        "{% badge text %}",
        "{% card title=text %}{{ text }}{% endcard %}",
        "{% alert title=text %}{{ text }}{% endalert %}",
        "{% crumb text text %}",
        "{% confirm_dialog id='d' title=text action='/' label=text %}{{ text }}{% endconfirm_dialog %}",
        "{% chart 'c' text text labels series %}",
    )
    for source in sources:
        series = [{"label": hostile, "data": [1]}]
        html = show(source, text=hostile, labels=[hostile], series=series)
        assert "<script>alert" not in html, source
        assert "&lt;script&gt;" in html, source


def test_a_dialog_posts_with_the_token() -> None:
    html = show("{% confirm_dialog id='d' title='T' action='/x/' label='L' %}Sure?{% endconfirm_dialog %}")
    assert 'name="csrfmiddlewaretoken" value="token"' in html
    assert 'action="/x/"' in html


class SampleForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As printed")
    agreed = forms.BooleanField(label="Agreed")
    method = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)


@pytest.fixture
def refused() -> str:
    with translation.override("en"):
        return str(SampleForm({}))


def test_every_form_shows_label_help_error_and_duty(refused: str) -> None:
    assert '<label class="field-label" for="id_name">' in refused
    assert 'id="id_name_helptext">As printed</div>' in refused
    assert 'id="id_name_error"' in refused
    assert 'aria-describedby="id_name_helptext id_name_error"' in refused
    assert refused.count('class="field-required"') == 3
    assert "Please check what you entered." in refused


def test_groups_of_choices_are_a_fieldset(refused: str) -> None:
    assert "<fieldset" in refused
    assert '<legend class="field-label">' in refused
