"""Which colours can be read on white paper and white pages. Pure functions."""

from __future__ import annotations

import re

LEAST_CONTRAST = 4.5
"""Of text to its ground, as WCAG 2.2 asks (1.4.3); such a colour is dark enough in grey print too."""

_COLOUR = re.compile(r"#[0-9a-f]{6}")


def is_colour(text: str) -> bool:
    """Whether it is written `#rrggbb`, in small letters."""
    return _COLOUR.fullmatch(text) is not None


def contrast_to_white(colour: str) -> float:
    """From 1 (white) to 21 (black), as WCAG 2.2 defines it."""
    red, green, blue = map(_linear, _channels(colour))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def darkened(colour: str) -> str:
    """The same hue, just dark enough to be read on white; a colour that is dark enough stays."""
    channels = _channels(colour)
    for percent in range(100, -1, -1):
        darker = "#" + "".join(f"{channel * percent // 100:02x}" for channel in channels)
        if contrast_to_white(darker) >= LEAST_CONTRAST:
            return darker
    raise AssertionError("black is dark enough")


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _linear(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
