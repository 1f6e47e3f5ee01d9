"""The catalogs of the two languages."""

from shell import ROOT, run


def compile_messages() -> str:
    """Compile the catalogs that have changed."""
    changed = 0
    for catalog in sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po")):
        compiled = catalog.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < catalog.stat().st_mtime:
            run(["msgfmt", "--check-format", "-o", compiled, catalog])
            changed += 1
    return f"{changed} compiled" if changed else "up to date"
