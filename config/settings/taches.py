"""Settings of Celery, each for a measured reason (a task is lost, doubled or late without it)."""

from typing import Any

from celery.schedules import crontab

from config import env


def courtier(adresse: str) -> str:
    """The Redis address as kombu writes it: a unix socket is `redis+socket://`, its base `virtual_host`."""
    return adresse.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)


REDIS_URL = env.texte("REDIS_URL", "redis://127.0.0.1:6379/0")

CELERY_BROKER_URL = courtier(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True  # by default a task is lost with its worker
CELERY_TASK_REJECT_ON_WORKER_LOST = True  # acks_late alone loses it too
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600  # seconds; below the visibility timeout, or a task runs twice
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_DEFAULT_QUEUE = "defaut"
CELERY_TASK_ROUTES: dict[str, Any] = {"*.systeme_*": {"queue": "systeme"}, "*.pdf_*": {"queue": "pdf"}}
CELERY_TASK_PUBLISH_RETRY = False  # with Redis down a page answers at once; the sweep takes over
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    "visibility_timeout": 900,
    "unacked_restore_throttle": 1,  # kombu multiplies interval by throttle: 98 s before a redelivery by default
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "max_retries": 1,
}
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # kB; after 200 pages of PDF a process keeps more than 600 MB
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Europe/Paris"
CELERY_BEAT_SCHEDULE: dict[str, Any] = {
    "envois": {"task": "socle.tasks.systeme_traiter_envois", "schedule": 30.0},
    "pouls": {"task": "socle.tasks.systeme_pouls", "schedule": 30.0},
    "purge": {"task": "socle.tasks.systeme_purger", "schedule": crontab(hour=2, minute=30)},
    "delais": {"task": "signalements.tasks.systeme_lever_delais", "schedule": crontab(minute=5)},
    "brouillons": {"task": "signalements.tasks.systeme_rappeler_brouillons", "schedule": crontab(hour=8, minute=10)},
    "revues": {"task": "accompagnements.tasks.systeme_rappeler_revues", "schedule": crontab(hour=6, minute=45)},
    "resumes": {"task": "partenaires.tasks.systeme_resumer", "schedule": crontab(hour=7, minute=0)},
    "seances": {"task": "partenaires.tasks.systeme_rappeler_seances", "schedule": crontab(hour=6, minute=50)},
    "documents_seances": {"task": "partenaires.tasks.systeme_reprendre_documents_seances", "schedule": 60.0},
    "imprimes": {"task": "signalements.tasks.systeme_reprendre_imprimes", "schedule": 60.0},
    "documents": {"task": "accompagnements.tasks.systeme_reprendre_documents", "schedule": 60.0},
    "visites": {"task": "accompagnements.tasks.systeme_veiller_sur_les_visites", "schedule": crontab(minute="*/10")},
    "dossiers": {"task": "accompagnements.tasks.systeme_reprendre_dossiers", "schedule": 60.0},
    "exports": {"task": "signalements.tasks.systeme_reprendre_exports", "schedule": 60.0},
    "retraits": {"task": "accompagnements.tasks.systeme_prevenir_retraits", "schedule": 300.0},
    "releves": {"task": "indicateurs.tasks.systeme_ouvrir_releves_dus", "schedule": crontab(minute=20)},
    "imports": {"task": "partenaires.tasks.systeme_reprendre_imports", "schedule": 60.0},
    "bilans": {"task": "indicateurs.tasks.systeme_reprendre_bilans", "schedule": 60.0},
}
