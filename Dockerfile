# One image for web, worker, beat and migrations; docker-compose.yml starts them.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /srv/desk

# Only what production needs: the embedded engines have a lock of their own.
COPY requirements/base.lock requirements/base.lock
RUN pip install --no-cache-dir --require-hashes --requirement requirements/base.lock
# EXTRAS=s3 adds what captures in an object store need.
ARG EXTRAS=""
COPY requirements/s3.lock requirements/s3.lock
RUN for extra in $EXTRAS; do \
      pip install --no-cache-dir --require-hashes --requirement "requirements/$extra.lock"; \
    done

COPY manage.py pyproject.toml LICENSE ./
COPY factcheck factcheck
COPY claims claims
COPY reviews reviews
COPY seeds seeds

RUN mkdir staticfiles \
 && python manage.py collectstatic --noinput --verbosity 0 \
 && useradd --system --uid 10001 --home-dir /var/lib/factcheck desk \
 && install --directory --owner desk --mode 0700 /var/lib/factcheck

USER desk
ENV FACTCHECK_HOME=/var/lib/factcheck HOST=0.0.0.0 PORT=8000
VOLUME /var/lib/factcheck
EXPOSE 8000
