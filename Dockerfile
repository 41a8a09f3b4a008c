# Three stages: the map is built, then a virtual environment; the last runs it as nobody in particular.
FROM node:22-bookworm-slim AS map
WORKDIR /src/service/web/map
COPY service/web/map/package.json service/web/map/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY service/web/map ./
RUN npm run check && npm run build

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /opt/uncounted
COPY requirements/runtime.txt requirements/build.txt requirements/
RUN /opt/uncounted/bin/pip install --require-hashes -r requirements/runtime.txt \
 && python -m venv /opt/build && /opt/build/bin/pip install --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY geodata geodata
COPY connectors connectors
COPY matchers matchers
COPY migrations migrations
COPY service service
COPY --from=map /src/service/web/static/map service/web/static/map
RUN /opt/build/bin/python -m build --wheel --no-isolation --outdir /dist \
 && /opt/uncounted/bin/pip install --no-deps /dist/*.whl

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/uncounted --create-home uncounted
COPY --from=build /opt/uncounted /opt/uncounted
ENV PATH=/opt/uncounted/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    UNCOUNTED_DATA_DIR=/var/lib/uncounted \
    NUMBA_CACHE_DIR=/var/lib/uncounted/kernels
USER uncounted
# Verifying the samples compiles what is compiled, half a minute's work. A new volume begins with the machine code made
# here; on another kind of processor, or an older volume, it is made anew once and kept there.
RUN cd "$(mktemp -d)" && uncounted demo --no-serve > /dev/null && rm -r "$PWD"
VOLUME /var/lib/uncounted
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# Migrations run first, so that a new image on an old database starts by bringing it up to date.
CMD ["sh", "-c", "uncounted migrate && exec uncounted serve --host 0.0.0.0 --port 8000"]
