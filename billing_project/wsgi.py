import gc
import os

from django.core.wsgi import get_wsgi_application

from billing_project.safety import refuse_unsafe_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing_project.settings")
application = get_wsgi_application()
refuse_unsafe_settings()
# What is loaded by now stays: the collector of garbage need not look at it again with every page.
gc.collect()
gc.freeze()
# A page makes tens of thousands of objects, nearly all of which end with it: looked at in larger lots.
gc.set_threshold(10_000, 10, 10)
