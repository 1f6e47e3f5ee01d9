from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from billing_project.backoffice.icons import FONT, font_of, icons_in_use


class Command(BaseCommand):
    help = "Makes the admin's icon font of the icons that are in use; part of bin/setup."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        names = icons_in_use()
        path = settings.BASE_DIR / "static" / FONT
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(font_of(names))
        self.stdout.write(f"{len(names)} icons, {path.stat().st_size:,} bytes")
