# One image for every process; what it does is the command it is given.
FROM python:3.11.13-slim-bookworm AS build
WORKDIR /source
RUN python -m venv /opt/chevet && /opt/chevet/bin/pip install --no-cache-dir --upgrade pip
COPY requirements.lock deploy/runtime_requirements.py ./
# The lock also pins what only developers need: that is left out, the hashes stay.
RUN python runtime_requirements.py <requirements.lock >runtime.lock \
 && /opt/chevet/bin/pip install --no-cache-dir --no-deps --require-hashes -r runtime.lock
COPY . .
RUN python runtime_requirements.py hatchling <requirements.lock >build.lock \
 && python -m venv /opt/build && /opt/build/bin/pip install --no-cache-dir --no-deps \
      --require-hashes -r build.lock \
 && /opt/build/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheel . \
 && /opt/chevet/bin/pip install --no-cache-dir --no-deps /wheel/*.whl

FROM python:3.11.13-slim-bookworm
# What draws the letters of a paper form.
RUN apt-get update && apt-get install --yes --no-install-recommends \
      fonts-dejavu-core libpango-1.0-0 libpangoft2-1.0-0 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /var/lib/chevet --create-home chevet \
 && install --directory --owner=chevet --group=chevet --mode=0700 /var/lib/chevet/objects
COPY --from=build /opt/chevet /opt/chevet
ENV PATH=/opt/chevet/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
WORKDIR /var/lib/chevet
VOLUME /var/lib/chevet
CMD ["chevet", "--help"]
