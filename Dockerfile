# Palier: one image, three uses (web, worker, beat). It runs as an unprivileged user, holds no secret, and
# writes only under /tmp. docker-compose.yml shows the commands; docs/exploitation.md the rest.

FROM python:3.11-slim-bookworm AS paquets
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
COPY requirements-production.lock ./
RUN python -m venv /opt/palier \
    && /opt/palier/bin/pip install --require-hashes -r requirements-production.lock

FROM python:3.11-slim-bookworm AS palier
ENV PATH=/opt/palier/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production
# Pango and HarfBuzz draw the PDFs; fontconfig wants one font to fall back on.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fontconfig fonts-dejavu-core libharfbuzz-subset0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home --home-dir /tmp palier
COPY --from=paquets /opt/palier /opt/palier
WORKDIR /app
COPY . .
# collectstatic reads no secret: these values exist for this one command and in no layer of the image.
RUN PALIER_SECRET_KEY=construction \
    PALIER_CLE_TICKET=0000000000000000000000000000000000000000000000000000000000000000 \
    PALIER_CLES_CHIFFREMENT=1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
    PALIER_CLE_RECHERCHE=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
    PALIER_HOTES=localhost \
    python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q /app
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 \
    CMD ["python", "outils/sante.py"]
CMD ["gunicorn", "config.wsgi:application", "--bind=0.0.0.0:8000", "--workers=3", "--threads=4", \
     "--worker-tmp-dir=/dev/shm", "--no-control-socket", "--max-requests=2000", "--max-requests-jitter=200", \
     "--timeout=60", "--graceful-timeout=30"]
