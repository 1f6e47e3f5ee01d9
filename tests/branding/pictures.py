"""Pictures as people upload them, good and bad."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw


def written(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    target = BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def seal() -> bytes:
    """A red square seal on a transparent ground."""
    image = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rectangle((10, 10, 289, 289), outline=(200, 30, 30, 255), width=14)
    for top in (60, 130, 200):
        draw.rectangle((60, top, 240, top + 30), fill=(200, 30, 30, 255))
    return written(image)


def logo(size: tuple[int, int] = (600, 160)) -> bytes:
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    side = size[1] - 20
    draw.ellipse((10, 10, 10 + side, 10 + side), fill="#1a4d8f")
    draw.rectangle((side + 40, 30, size[0] - 10, 60), fill="#1a4d8f")
    draw.rectangle((side + 40, size[1] - 60, size[0] - 80, size[1] - 30), fill="#777777")
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
