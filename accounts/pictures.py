"""Uploaded pictures, made into what documents and pages can show: a small PNG in sRGB."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

from accounts.models.branding import PICTURE_BYTES
from billing_project.errors import Code, Refusal, Text

UPLOAD_BYTES = 500_000
UPLOAD_PIXELS = 10_000_000
# Whatever is paler than this everywhere is not seen on white paper.
_PALEST = 200
_SHRINK = 0.8
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_UNREADABLE = (OSError, SyntaxError, ValueError, EOFError)
_DEEP_MODES = ("I", "I;16", "I;16B", "I;16L")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a picture stands: the form's field, its largest size in pixels and its shortest side."""

    field: str
    width: int
    height: int
    shortest: int


LOGO = Place("logo", 600, 200, 24)
SEAL = Place("seal", 300, 300, 100)


def normalised(content: bytes, place: Place) -> bytes:
    """An uploaded PNG, JPEG, WebP or GIF as PNG: sRGB with 8 bits, upright, its first frame, nothing else.

    Its size is judged before a pixel is decoded. Raises Refusal `image_not_accepted`, `image_too_large`,
    `image_too_small` or `image_not_visible`.
    """
    picture = _upright_srgb(_decoded(content, place), place)
    if min(picture.size) < place.shortest:
        text = _(
            "This image is too small to be printed sharply. Please upload one of at least %(pixels)s pixels."
        )
        raise _refusal(Code.IMAGE_TOO_SMALL, place, text % {"pixels": place.shortest})
    if _darkest_grey(picture) > _PALEST:
        raise _refusal(Code.IMAGE_NOT_VISIBLE, place)
    return _small_png(picture, place)


def _decoded(content: bytes, place: Place) -> Image.Image:
    if len(content) > UPLOAD_BYTES:
        raise _refusal(Code.IMAGE_TOO_LARGE, place)
    try:
        image = Image.open(BytesIO(content), formats=_FORMATS)
        if image.width * image.height > UPLOAD_PIXELS:
            raise _refusal(Code.IMAGE_TOO_LARGE, place)
        image.load()
    except Image.DecompressionBombError as error:
        raise _refusal(Code.IMAGE_TOO_LARGE, place) from error
    except _UNREADABLE as error:
        if isinstance(error, Refusal):
            raise
        raise _unreadable(content, place) from error
    return image


def _unreadable(content: bytes, place: Place) -> Refusal:
    if b"<svg" in content[:4096].lower():
        text = _("SVG files are not accepted, for they may hold scripts and links. Please export it as PNG.")
        return _refusal(Code.IMAGE_NOT_ACCEPTED, place, text)
    return _refusal(Code.IMAGE_NOT_ACCEPTED, place)


def _upright_srgb(image: Image.Image, place: Place) -> Image.Image:
    try:
        upright = ImageOps.exif_transpose(image)
    except _UNREADABLE as error:
        raise _unreadable(b"", place) from error
    alpha = upright.convert("RGBA").getchannel("A") if upright.has_transparency_data else None
    picture = _srgb(upright)
    if alpha is not None and alpha.getextrema() != (255, 255):
        picture.putalpha(alpha)
    picture.info = {}
    return picture


def _srgb(image: Image.Image) -> Image.Image:
    if image.mode in _DEEP_MODES:
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L").convert("RGB")
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        plain = image.convert("RGB") if image.mode == "RGBA" else image
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            made = ImageCms.profileToProfile(plain, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            assert made is not None
            return made
        except (ImageCms.PyCMSError, OSError):
            return plain.convert("RGB")
    return image.convert("RGB")


def _darkest_grey(picture: Image.Image) -> int:
    """How dark the darkest spot is on white paper: 0 black, 255 nothing at all."""
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture.convert("RGBA"))
    darkest, _lightest = paper.convert("L").getextrema()
    return int(darkest)  # type: ignore[arg-type]


def _small_png(picture: Image.Image, place: Place) -> bytes:
    width, height = place.width, place.height
    while True:
        picture.thumbnail((width, height), Image.Resampling.LANCZOS)
        written = BytesIO()
        picture.save(written, "PNG", optimize=True)
        if written.tell() <= PICTURE_BYTES:
            return written.getvalue()
        width, height = int(picture.width * _SHRINK), int(picture.height * _SHRINK)


def _refusal(code: Code, place: Place, text: Text | None = None) -> Refusal:
    plain = Refusal(code, text)
    return Refusal(code, text, problems=[{"field": place.field, "message": plain.message}])
