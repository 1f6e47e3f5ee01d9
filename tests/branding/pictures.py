"""Pictures as people upload them, good and bad."""

from __future__ import annotations

import struct
import subprocess
import zlib
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, ImageFont


def written(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    target = BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


@cache
def font_file(family: str = "BIZ UDGothic:bold") -> str:
    command = ["fc-match", "--format=%{file}", family]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def seal() -> bytes:
    """A red square seal (角印) on a transparent ground, read from the right column to the left."""
    red = (200, 30, 30, 255)
    image = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((6, 6, 293, 293), radius=14, outline=red, width=12)
    for column, text in enumerate(("アルファ", "証明書", "之印")):
        height = 248 / len(text)
        font = ImageFont.truetype(font_file(), int(min(height, 84)))
        for row, character in enumerate(text):
            place = (26 + 83 * (2 - column) + 42, 26 + height * (row + 0.5))
            draw.text(place, character, font=font, fill=red, anchor="mm")
    return written(image)


def logo(size: tuple[int, int] = (600, 160)) -> bytes:
    """A blue ring and a name."""
    height = size[1]
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((10, 10, height - 10, height - 10), outline="#1a4d8f", width=height // 6)
    font = ImageFont.truetype(font_file(), height // 2)
    draw.text((height + 20, height / 2), "ALPHA", font=font, fill="#1a4d8f", anchor="lm")
    return written(image)


def bomb(width: int = 12_000, height: int = 9_000) -> bytes:
    """A PNG that says it has 108 million pixels, in few bytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width + 1) * height), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


EVIL_SVG = b"""<?xml version="1.0"?>
<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"><script>alert(1)</script>
<image href="http://192.0.2.1/x.png"/><foreignObject>&x;</foreignObject></svg>"""
