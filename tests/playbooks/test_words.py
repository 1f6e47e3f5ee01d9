"""Every verb and expectation that runs, and every kind of event, has a name on screens, in both languages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import get_args

import pytest
from django.utils.translation import override

from billing_project.errors import Text
from playbooks.runner.expectations import KEYS as EXPECTED
from playbooks.runner.outcome import EventKind
from playbooks.runner.verbs import KEYS as VERBS_THAT_ACT
from playbooks.words import EXPECTATIONS, KINDS, TONES, VERBS

OF_FORMAT = {"expect", "refused"}


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        pytest.param({*VERBS_THAT_ACT, *OF_FORMAT}, VERBS, id="verbs"),
        pytest.param(EXPECTED, EXPECTATIONS, id="expectations"),
        pytest.param(get_args(EventKind), KINDS, id="events"),
    ],
)
def test_each_has_a_name_in_both_languages(codes: Collection[str], words: Mapping[str, Text]) -> None:
    assert set(words) == set(codes)
    for name in words.values():
        with override("en"):
            english = str(name)
        with override("ja"):
            assert str(name) not in ("", english)


def test_each_kind_of_event_has_a_tone() -> None:
    assert set(TONES) == set(KINDS)
