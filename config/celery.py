"""Celery: hints carried by Redis. Every task is safe to run twice, and a sweep finds what a lost message was for.

Queues: `defaut` and `pdf` are consumed by a worker that logs in as `palier_web` (it acts as persons, by
delegation); `systeme` by a worker that logs in as `palier_systeme`.
"""

import os

from celery import Celery
from celery.schedules import crontab
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")


def courtier(adresse: str) -> str:
    """The Redis address as kombu writes it: a unix socket is `redis+socket://`, its base `virtual_host`."""
    return adresse.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)


app = Celery("palier")
app.conf.update(
    broker_url=courtier(settings.REDIS_URL),
    result_backend=None,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_time_limit=600,
    task_soft_time_limit=540,
    task_default_queue="defaut",
    task_routes={"*.systeme_*": {"queue": "systeme"}, "*.pdf_*": {"queue": "pdf"}},
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 900,
        "unacked_restore_limit": 100,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "max_retries": 1,
    },
    task_publish_retry=False,
    worker_max_memory_per_child=400_000,  # kB; after 200 pages of PDF a process keeps more than 600 MB
    worker_hijack_root_logger=False,
    timezone="Europe/Paris",
    beat_schedule={
        "envois": {"task": "socle.tasks.systeme_traiter_envois", "schedule": 30.0},
        "delais": {"task": "signalements.tasks.systeme_lever_delais", "schedule": crontab(minute=5)},
        "releves": {"task": "indicateurs.tasks.systeme_ouvrir_releves_dus", "schedule": crontab(minute=20)},
        "bilans": {"task": "indicateurs.tasks.systeme_reprendre_bilans", "schedule": 60.0},
        "contrats": {"task": "accompagnements.tasks.systeme_reprendre_documents", "schedule": 60.0},
        "purge": {"task": "socle.tasks.systeme_purger", "schedule": crontab(hour=2, minute=30)},
        "pouls": {"task": "socle.tasks.systeme_pouls", "schedule": 30.0},
    },
)
app.autodiscover_tasks()
