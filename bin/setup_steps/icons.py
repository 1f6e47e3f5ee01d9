"""The icon font of the admin, made of the icons in use."""

from python_packages import LOCK, PYTHON
from shell import LOCAL, ROOT, fingerprint, is_current, run

FONT = ROOT / "static/unfold/fonts/material-symbols/Material-Symbols-Outlined.woff2"
STAMP = LOCAL / "icons.stamp"
SOURCES = ("templates/**/*.html", "[a-z]*/**/*.py")


def make_icons() -> str:
    files = [path for pattern in SOURCES for path in ROOT.glob(pattern) if "node_modules" not in path.parts]
    wanted = fingerprint([*files, LOCK])
    if FONT.exists() and is_current(STAMP, wanted):
        return "up to date"
    run([PYTHON, "manage.py", "subset_icons"])
    STAMP.write_text(wanted)
    return "made"
