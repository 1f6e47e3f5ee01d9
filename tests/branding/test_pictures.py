"""Uploaded pictures become a small PNG in sRGB, or are refused with what to do."""

from __future__ import annotations

import tracemalloc
from io import BytesIO

import pytest
from PIL import Image, ImageCms

from accounts.colours import contrast_to_white, darkened
from accounts.models.branding import PICTURE_BYTES
from accounts.pictures import LOGO, SEAL, normalised
from billing_project.errors import Code, Refusal
from tests.branding import pictures
from tests.branding.pictures import written


def opened(png: bytes) -> Image.Image:
    image = Image.open(BytesIO(png))
    image.load()
    assert image.format == "PNG"
    return image


def seen(image: Image.Image, place: tuple[int, int]) -> tuple[int, ...]:
    pixel = image.getpixel(place)
    assert isinstance(pixel, tuple)
    return pixel


def refused(content: bytes, place=SEAL) -> Refusal:
    with pytest.raises(Refusal) as caught:
        normalised(content, place)
    [problem] = caught.value.details["problems"]
    assert problem == {"field": place.field, "message": caught.value.message}
    return caught.value


@pytest.mark.parametrize(
    "content",
    [b"not an image", b"%PDF-1.7", b"<html><script>", b"BM" + bytes(60)],
    ids=["text", "pdf", "html", "BMP"],
)
def test_what_is_no_image_is_refused(content: bytes) -> None:
    assert refused(content).code == Code.IMAGE_NOT_ACCEPTED


def test_an_svg_is_refused_and_says_why() -> None:
    refusal = refused(pictures.EVIL_SVG)
    assert refusal.code == Code.IMAGE_NOT_ACCEPTED
    assert "SVG" in refusal.message


def test_a_bomb_is_refused_before_a_pixel_is_decoded() -> None:
    bomb = pictures.bomb()
    assert len(bomb) < 500_000
    tracemalloc.start()
    assert refused(bomb).code == Code.IMAGE_TOO_LARGE
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    assert refused(pictures.bomb(20_000, 10_000)).code == Code.IMAGE_TOO_LARGE


def test_a_file_of_more_than_500_kb_is_refused() -> None:
    assert refused(pictures.seal() + bytes(500_000)).code == Code.IMAGE_TOO_LARGE


def test_a_tiny_picture_is_refused() -> None:
    refusal = refused(written(Image.new("RGB", (99, 300), "red")))
    assert refusal.code == Code.IMAGE_TOO_SMALL
    assert "100" in refusal.message


@pytest.mark.parametrize("colour", [(255, 255, 255, 255), (0, 0, 0, 0), (250, 250, 210, 255)])
def test_what_nobody_would_see_is_refused(colour: tuple[int, int, int, int]) -> None:
    assert refused(written(Image.new("RGBA", (200, 200), colour))).code == Code.IMAGE_NOT_VISIBLE


def test_a_transparent_seal_stays_transparent() -> None:
    image = opened(normalised(pictures.seal(), SEAL))
    assert (image.mode, image.size) == ("RGBA", (300, 300))
    assert seen(image, (0, 0))[3] == 0


def test_a_large_picture_is_made_smaller_and_keeps_its_shape() -> None:
    image = opened(normalised(pictures.logo((2000, 500)), LOGO))
    assert image.size == (600, 150)


def test_a_noisy_picture_is_kept_within_200_kb() -> None:
    noise = Image.effect_noise((900, 900), 90).convert("RGB")
    content = written(noise, "JPEG", quality=30)
    assert len(normalised(content, SEAL)) <= PICTURE_BYTES


def test_a_turned_photograph_is_put_upright() -> None:
    image = Image.new("RGB", (300, 150), "white")
    image.paste("black", (0, 0, 100, 150))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter to the right
    upright = opened(normalised(written(image, "JPEG", exif=exif), SEAL))
    assert upright.size == (150, 300)
    assert seen(upright, (75, 20))[0] < 30
    assert seen(upright, (75, 280))[0] > 225


def test_cmyk_becomes_rgb() -> None:
    red = Image.new("CMYK", (200, 200), (0, 255, 255, 0))
    image = opened(normalised(written(red, "JPEG"), SEAL))
    assert image.mode == "RGB"
    assert seen(image, (100, 100))[0] > 200
    assert seen(image, (100, 100))[1] < 60


def test_sixteen_bits_become_eight() -> None:
    grey = Image.new("I;16", (200, 200), 0x4000)
    image = opened(normalised(written(grey), SEAL))
    assert image.mode == "RGB"
    assert seen(image, (100, 100)) == (0x3F, 0x3F, 0x3F)


def test_a_colour_profile_is_applied_and_left_out() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = Image.new("RGB", (200, 200), (200, 30, 30))
    made = opened(normalised(written(image, icc_profile=profile), SEAL))
    assert "icc_profile" not in made.info
    assert seen(made, (100, 100)) == (200, 30, 30)
    broken = written(image, icc_profile=b"no profile")
    assert opened(normalised(broken, SEAL)).getpixel((100, 100)) == (200, 30, 30)


def test_of_a_moving_picture_the_first_frame_is_taken() -> None:
    frames = [Image.new("RGB", (200, 200), colour) for colour in ("red", "blue")]
    moving = written(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100)
    image = opened(normalised(moving, SEAL))
    assert seen(image, (100, 100)) == (255, 0, 0)
    assert getattr(image, "n_frames", 1) == 1


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_way_to_write_a_png_is_read(mode: str) -> None:
    image = Image.new("RGB", (200, 200), "black").convert(mode)
    assert opened(normalised(written(image), SEAL)).convert("RGB").getpixel((100, 100)) == (0, 0, 0)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast_to_white("#000000") == pytest.approx(21)
    assert contrast_to_white("#ffffff") == pytest.approx(1)
    assert contrast_to_white("#767676") == pytest.approx(4.54, abs=0.01)
    assert contrast_to_white("#777777") == pytest.approx(4.48, abs=0.01)


def test_a_light_colour_has_a_darker_shade() -> None:
    assert darkened("#1a4d8f") == "#1a4d8f"
    assert darkened("#ffffff") == "#757575"
    assert contrast_to_white(darkened("#ffd700")) >= 4.5
