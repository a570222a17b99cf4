"""Celery: hints carried by Redis. Every task is safe to run twice, and a sweep finds what a lost message was for.

Queues: `defaut` and `pdf` are consumed by a worker that logs in as `palier_web` (it acts as persons, by
delegation); `systeme` by a worker that logs in as `palier_systeme`. Settings: `CELERY_*` in `settings/taches.py`.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

app = Celery("palier")
app.config_from_object("django.conf:settings", namespace="CELERY")  # read when first needed, not now
app.autodiscover_tasks()
