# Rollcall as an OCI image: `docker build -t rollcall .`, or podman, or buildah (--format docker keeps
# the health check). Another image with Python 3.11 or later and its venv module serves as well.
ARG PYTHON_IMAGE=docker.io/library/python:3.11-slim-bookworm
FROM ${PYTHON_IMAGE}

# Settings come from the environment; what has to last is in /data.
ENV PATH=/opt/rollcall/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MPLCONFIGDIR=/var/cache/rollcall/matplotlib \
    DATABASE_URL=sqlite:////data/rollcall.db \
    POLICY_FILE=/data/policy.yml \
    HEALTH_ADDRESS=0.0.0.0:9090

RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin rollcall \
 && install -d -o rollcall -g rollcall -m 0700 /data /backups \
 && install -d -o rollcall -g rollcall /var/cache/rollcall /var/cache/rollcall/matplotlib

WORKDIR /srv/rollcall
COPY requirements.lock ./
RUN python3 -m venv /opt/rollcall \
 && pip install --no-cache-dir --disable-pip-version-check --quiet --require-hashes -r requirements.lock

COPY . .
RUN pip install --no-cache-dir --disable-pip-version-check --quiet --no-build-isolation --no-deps -e . \
 && python3 -m compileall -q bot handlers workflows storage sandbox

USER 10001:10001
# So that the first picture is drawn at once: it lists the fonts, which takes seconds.
RUN python3 -c "import matplotlib.font_manager"

WORKDIR /data
VOLUME ["/data", "/backups"]
EXPOSE 3000 9090
HEALTHCHECK --interval=30s --timeout=6s --start-period=60s --retries=3 \
    CMD ["python3", "/srv/rollcall/deploy/healthcheck.py"]
ENTRYPOINT ["rollcall"]
CMD ["serve"]
