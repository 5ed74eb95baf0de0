# syntax=docker/dockerfile:1
# Build:  docker build -t clausewatch .
# Run:    docker run -v clausewatch:/data clausewatch
FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/clausewatch
COPY requirements.lock ./
RUN /opt/clausewatch/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY watcher watcher
COPY storage storage
COPY config config
COPY seeds seeds
RUN /opt/clausewatch/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps .

FROM python:3.13-slim
RUN useradd --uid 10001 --create-home --home-dir /home/clausewatch clausewatch \
    && install -d -o clausewatch -g clausewatch /data
COPY --from=build /opt/clausewatch /opt/clausewatch
ENV PATH=/opt/clausewatch/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CLAUSEWATCH_STORE__PATH=/data/clausewatch.db \
    CLAUSEWATCH_LOG__FORMAT=json
USER clausewatch
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=20s --start-period=30s --retries=3 CMD ["clausewatch", "doctor", "--quick"]
ENTRYPOINT ["clausewatch"]
CMD ["run"]
