"""Refusals: stable codes, messages for people."""

import pickle
import re

import pytest
from django.utils.translation import gettext_lazy as _

from billing_project.errors import MESSAGES, Code, InvalidValue, Refusal
from tests.shared import SHARED


def test_every_code_has_a_message_that_can_be_shown_with_and_without_details():
    assert set(MESSAGES) == set(Code)
    for code in Code:
        assert str(Refusal(code)) == str(Refusal(code, figure=1)) != ""


def test_every_code_of_the_playbooks_exists():
    readme = SHARED / "playbooks" / "README.md"
    if not readme.exists():
        pytest.skip("needs the shared specification beside the project")
    listed = readme.read_text().split("## Codes of refusals")[1].split("Where several hold")[0]
    codes = re.findall(r"`([a-z_]+)`", listed)
    assert len(codes) == 36
    assert set(codes) <= set(Code)


def test_codes_stand_in_the_order_in_which_they_are_raised():
    order = list(Code)
    assert order[0] == Code.NOT_PERMITTED
    state = order.index(Code.ALREADY_CANCELLED)
    blocked = order.index(Code.CUSTOMER_BLOCKED)
    rule = order.index(Code.CANCEL_WINDOW_CLOSED)
    money = order.index(Code.CREDIT_LIMIT_EXCEEDED)
    assert state < order.index(Code.ORDER_EXPIRED) < order.index(Code.CONTRACT_ENDED) < blocked < rule < money


def test_a_message_names_its_details():
    refusal = Refusal(Code.NOT_PAID, _("%(missing)s yen are missing."), missing=500)
    assert refusal.message == "500 yen are missing."
    assert refusal.details == {"missing": 500}
    assert refusal.code == "not_paid"


def test_a_percent_sign_stays_when_there_are_no_details():
    assert str(Refusal(Code.NOT_PAID, "10 % are missing")) == "10 % are missing"


def test_a_refusal_survives_the_way_to_another_process():
    sent = pickle.loads(pickle.dumps(Refusal(Code.NOT_PAID, "%(missing)s yen", missing=3)))
    assert (sent.code, sent.message, sent.details) == (Code.NOT_PAID, "3 yen", {"missing": 3})


def test_an_invalid_value_is_a_value_error_too():
    with pytest.raises(ValueError, match="whole number"):
        raise InvalidValue(Code.INVALID_AMOUNT)
    assert (
        repr(InvalidValue(Code.INVALID_AMOUNT, text="x")) == "InvalidValue('invalid_amount', {'text': 'x'})"
    )
