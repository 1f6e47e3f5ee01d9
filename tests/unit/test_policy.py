"""The billing policy: reading, checking, writing."""

import json

import pytest

from accounts.policy import PRESETS, BillingPolicy, change_policy, label_of, read_policy
from accounts.policy.choices import PaymentMethod, QualifiedDocument, RefundTo, Renewal, Step, TaxCategory
from accounts.policy.values import DunningStep, PerMethod
from billing_project.calendar import DayRule
from billing_project.errors import Code, Refusal

SHOP = PRESETS["certificate-shop"]
HOSTING = PRESETS["hosting"]
ELECTRICITY = PRESETS["electricity"]
PKI = PRESETS["managed-pki"]


def problems(policy, **changes):
    with pytest.raises(Refusal) as refused:
        change_policy(policy, changes)
    assert refused.value.code == Code.INVALID_POLICY
    return {problem["field"]: problem["message"] for problem in refused.value.details["problems"]}


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_survives_json(name):
    written = json.dumps(PRESETS[name].to_json())
    assert read_policy(json.loads(written)) == PRESETS[name]
    assert list(json.loads(written)) == list(BillingPolicy.model_fields)


def test_a_policy_cannot_be_changed_in_place():
    with pytest.raises(ValueError, match="frozen"):
        SHOP.payout_fee = 0


def test_every_field_has_a_label_and_a_help_text():
    labels = [label_of(field) for field in BillingPolicy.model_fields]
    assert all(str(label.help) for label in labels)
    assert len({str(label.label) for label in labels}) == len(labels)


# Reading


def test_a_form_may_send_text_for_every_field():
    texts = {
        name: ", ".join(map(str, value)) if isinstance(value, list) else str("" if value is None else value)
        for name, value in SHOP.to_json().items()
    }
    assert read_policy(texts) == SHOP


def test_values_per_method():
    assert HOSTING.issue_day == PerMethod(
        DayRule(5, business=True),
        ((PaymentMethod.CARD, DayRule(5, roll=True)), (PaymentMethod.DIRECT_DEBIT, DayRule(11, roll=True))),
    )
    assert str(HOSTING.issue_day_for(PaymentMethod.TRANSFER_OR_KONBINI)) == "bd5"
    assert str(HOSTING.issue_day_for(PaymentMethod.CARD)) == "5+"
    assert str(HOSTING.due_day_for(PaymentMethod.DIRECT_DEBIT)) == "26+"
    assert SHOP.qualified_document.get(PaymentMethod.LATER_TRANSFER) == QualifiedDocument.INVOICE
    assert SHOP.qualified_document.get(PaymentMethod.DEPOSIT) == QualifiedDocument.DELIVERY_NOTE
    assert SHOP.refund_to.get(PaymentMethod.CARD) == RefundTo.CARD


@pytest.mark.parametrize(
    "value",
    ["bd5; card 5+", {"default": "bd5", "card": "5+"}, " bd5 ;card 5+; ", {"card": "5+", "default": "bd5"}],
)
def test_values_per_method_may_be_text_or_a_mapping(value):
    assert str(change_policy(HOSTING, {"issue_day": value}).issue_day) == "bd5; card 5+"


@pytest.mark.parametrize(
    "value",
    [
        "3 reminder; 20 suspended",
        [[3, "reminder"], [20, "suspended"]],
        [{"days": 3, "step": "reminder"}, {"days": 20, "step": "suspended"}],
        ["3 reminder", "20 suspended"],
    ],
)
def test_dunning_may_be_text_or_a_list(value):
    assert change_policy(SHOP, {"dunning": value}).dunning == (
        DunningStep(3, Step.REMINDER),
        DunningStep(20, Step.SUSPENDED),
    )


def test_numbers_words_and_spaces_are_read_kindly():
    changed = change_policy(
        SHOP,
        {
            "closes": 20,
            "credit_limit_default": "2,000,000",
            "order_expiry_warnings": "14, 7, 1",
            "refund_to": "next_bill; card deposit",
            "approval": "yes",
            "early_end_tax": "Out of scope",
            "renewal": "none",
        },
    )
    assert changed.closes == DayRule(20)
    assert changed.credit_limit_default == 2_000_000
    assert changed.order_expiry_warnings == (14, 7, 1)
    assert changed.approval is True
    assert changed.early_end_tax == TaxCategory.OUT_OF_SCOPE
    assert changed.renewal == Renewal.NONE


@pytest.mark.parametrize("empty", ["", " ", "—", "-", None])
def test_empty_means_that_the_thing_is_not_known(empty):
    changed = change_policy(SHOP, {"cancel_window_days": empty, "refund_to": empty, "dunning": empty})
    assert (changed.cancel_window_days, changed.refund_to, changed.dunning) == (None, None, ())


# What is wrong with one field

PER_METHOD = "Write the value for all methods first, then those that differ, for example: bd5; card 5+"
NO_STEP = "is not a dunning step. Write days after the due date and a step: 3 reminder; 20 suspended"
NO_RULE = "is not a day rule. Write 1 to 28, last or bd3, then + or @1 if needed."


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("closes", "31", "“31”: not every month has this day. Write last for the last day of the month."),
        ("issue_day", "1; card x", "“x” " + NO_RULE),
        ("issue_day", "card 5+", PER_METHOD),
        ("issue_day", "1; card 5; card 6", PER_METHOD),
        ("issue_day", {"card": 5}, PER_METHOD),
        ("tax_rounding", "even", "“even” is not one of the choices. Choose from: floor, half_up, ceil."),
        ("payout_fee", "-1", "Enter 0 or more."),
        ("payout_fee", "1.5", "“1.5” has a fraction. Enter whole yen without a decimal point."),
        ("payout_fee", True, "Enter a whole number."),
        ("payout_fee", 1.5, "Enter a whole number."),
        ("payout_fee", "", "This field is missing. Enter a value."),
        ("order_expiry_days", 0, "Enter 1 or more."),
        ("order_expiry_days", "x", "Enter a whole number."),
        ("order_expiry_days", True, "Enter a whole number."),
        ("document_link_days", 3651, "Enter 3650 or less."),
        ("approval", "perhaps", "Enter yes or no."),
        ("approval", [1], "Enter yes or no."),
        ("payment_methods", ",", "Name at least one."),
        ("payment_methods", 5, "Enter a list, separated by commas."),
        ("order_expiry_warnings", "7, x", "Enter a whole number."),
        ("dunning", "reminder", "“reminder” " + NO_STEP),
        ("dunning", "x reminder", "“x reminder” " + NO_STEP),
        ("dunning", 5, "“5” " + NO_STEP),
        ("link_again", "later", "“later” " + NO_RULE),
        ("colour", "red", "There is no such field. Remove it."),
    ],
)
def test_a_bad_value_is_explained(field, value, message):
    assert problems(SHOP, **{field: value}) == {field: message}


def test_a_bad_method_lists_the_methods():
    assert problems(SHOP, payment_methods="card, cash")["payment_methods"] == (
        "“cash” is not one of the choices. Choose from: card, deposit, advance_transfer, later_transfer,"
        " transfer_or_konbini, direct_debit, payment_link, transfer."
    )


def test_all_bad_fields_are_named_at_once():
    found = problems(SHOP, closes="x", payout_fee="y", colour="red")
    assert set(found) == {"closes", "payout_fee", "colour"}


def test_a_missing_field_is_named():
    data = SHOP.to_json()
    del data["first_method"]
    with pytest.raises(Refusal, match=r"First method \(first_method\): This field is missing"):
        read_policy(data)


# What contradicts


@pytest.mark.parametrize(
    ("policy", "changes", "field", "part"),
    [
        (SHOP, {"first_method": "direct_debit"}, "first_method", "one of the payment methods offered"),
        (SHOP, {"payment_methods": "card, card"}, "payment_methods", "named twice"),
        (SHOP, {"closes": ""}, "closes", "needs a closing day"),
        (SHOP, {"closes": "20+"}, "closes", "Leave out + and @"),
        (SHOP, {"closes": "20@1"}, "closes", "Leave out + and @"),
        (SHOP, {"issue_day": "1@1"}, "issue_day", "Leave out @"),
        (SHOP, {"issue_day": "20", "due_day": "15"}, "due_day", "in 2020-01 bills would be due before"),
        (HOSTING, {"due_day": "last+; direct_debit 11"}, "due_day", "direct debit: in 2020-01"),
        (SHOP, {"cancel_reminder_days": 8}, "cancel_reminder_days", "inside the cancel window"),
        (SHOP, {"payout_day": "15"}, "payout_day", "must not come before the cut-off"),
        (SHOP, {"membership_screening": True}, "screening_business_days", "needs this number"),
        (SHOP, {"dunning": "10 reminder; 3 suspended"}, "dunning", "Put them in order"),
        (SHOP, {"dunning": "0 reminder"}, "dunning", "one day after the due date"),
        (SHOP, {"dunning": "3 reminder; 5 reminder"}, "dunning", "Name each step once"),
        (ELECTRICITY, {"link_expires": ""}, "link_expires", "day on which they expire"),
        (ELECTRICITY, {"link_expires": "14"}, "link_expires", "Choose a later day"),
        (ELECTRICITY, {"link_again": ""}, "link_again", "Choose with_bill"),
        (HOSTING, {"failed_debit": ""}, "failed_debit", "Choose another method"),
        (HOSTING, {"failed_debit": "direct_debit"}, "failed_debit", "Choose another method"),
        (HOSTING, {"failed_debit": "transfer"}, "failed_debit", "Choose another method"),
        (
            HOSTING,
            {"payment_methods": "card", "first_method": "card"},
            "card_refusals_before_transfer",
            "No transfer is offered",
        ),
        (HOSTING, {"renewal": "none"}, "renewal_notice", "Only automatic renewals"),
        (PKI, {"renewal_grace_days": ""}, "renewal_grace_days", "such as 90"),
        (PKI, {"first_bill": ""}, "first_bill", "Choose one"),
        (PKI, {"renew_at": ""}, "renew_at", "Choose one"),
        (PKI, {"minimum_term_months": 12, "early_end_tax": ""}, "early_end_tax", "Choose one"),
    ],
)
def test_a_contradiction_is_explained(policy, changes, field, part):
    assert part in problems(policy, **changes)[field]


def test_what_is_not_in_use_may_say_anything():
    changes = {"payment_methods": "card", "first_method": "card", "closes": "", "cancel_window_days": 0}
    assert change_policy(SHOP, changes).cancel_reminder_days == 1


def test_the_whole_message_names_the_field_as_screens_and_programs_do():
    with pytest.raises(Refusal) as refused:
        change_policy(SHOP, {"payout_fee": -1})
    assert str(refused.value) == "The billing policy is not valid. Pay-out fee (payout_fee): Enter 0 or more."
