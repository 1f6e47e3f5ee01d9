from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from playbooks.demo import SHOPS, make_demo


class Command(BaseCommand):
    help = "Makes the demo's tenants with some months of sales, unless they are there; prints sign-ins."

    def handle(self, *args: Any, **options: Any) -> None:
        sign_ins = make_demo(lambda text: self.stderr.write(f"  {text}"))
        port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
        for shop in SHOPS:
            self.stdout.write(f"http://{shop.slug}.{settings.BASE_DOMAIN}{port}/")
        for line in sign_ins:
            self.stdout.write(line)
        self.stdout.write(f"Mail that was sent: http://{settings.BASE_DOMAIN}{port}/mail/")
