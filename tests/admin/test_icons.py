"""The admin's icon font: small, and with every icon that is used."""

from __future__ import annotations

from io import BytesIO

import pytest
from fontTools.ttLib import TTFont

from billing_project.backoffice.icons import drawn_by, font_of, icons_in_use


def test_every_icon_in_use_is_in_the_font() -> None:
    names = icons_in_use()
    # Of the navigation, of acts, of our templates (one branch of an if), of unfold's templates and styles.
    assert {"request_quote", "play_arrow", "radio_button_unchecked", "filter_list", "expand_more"} <= names
    made = font_of(names)
    assert names <= set(drawn_by(TTFont(BytesIO(made))))
    assert len(made) < 25_000


def test_an_icon_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match="no_such_icon"):
        font_of({"history", "no_such_icon"})
