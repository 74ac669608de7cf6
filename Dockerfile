# The service, without database, compiler or pip. Build it with `make image`.
ARG BASE=docker.io/library/python:3.13-slim

FROM ${BASE} AS packages
# serve, or what else the service is to do: tracing, redis, or "tracing redis" for both.
ARG PACKAGES=serve
COPY requirements/serve.lock requirements/tracing.lock requirements/redis.lock /tmp/
RUN python -m venv /opt/venv \
 && for name in ${PACKAGES}; do \
      cat "/tmp/${name}.lock" >> /tmp/chosen.lock \
      && /opt/venv/bin/python -m pip --disable-pip-version-check --no-cache-dir install --quiet \
        --no-deps --require-hashes --only-binary :all: -r "/tmp/${name}.lock" \
      || exit 1; \
    done \
 && /opt/venv/bin/python -m pip check \
 && /opt/venv/bin/python -m pip uninstall --yes --quiet pip

FROM ${BASE}
# Nothing is installed here any more, so nothing that installs stays.
RUN rm -rf /usr/local/bin/pip* /usr/local/lib/python3*/ensurepip /usr/local/lib/python3*/site-packages/pip*
WORKDIR /srv/colophon
COPY --from=packages /opt/venv /opt/venv
# By which `python -m app doctor` judges the packages.
COPY --from=packages /tmp/chosen.lock ./requirements/serve.lock
COPY LICENSE alembic.ini ./
COPY alembic ./alembic
COPY generated ./generated
COPY app ./app
COPY --chmod=0555 scripts/entrypoint.sh ./entrypoint.sh
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    ENVIRONMENT=production \
    HOST=0.0.0.0 \
    PORT=8000
# Compiled now, since the user below may write nowhere. The base comes with its standard library not
# compiled, so that each start and each health check would do it again.
RUN python -m compileall -q app generated alembic \
      "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')"
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=40s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/health/live', timeout=2)"]
ENTRYPOINT ["./entrypoint.sh"]
