# One image for web, worker, beat and the preparing step; docker-compose.yml says which command runs.
FROM node:22-bookworm-slim AS front-end
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm install --no-save
COPY . .
RUN npm run build

FROM python:3.12-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fonts-morisawa-bizud-gothic fonts-noto-cjk gettext libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 shimebi
ENV PYTHONUNBUFFERED=1 STATIC_MANIFEST=1 WHITENOISE_USE_FINDERS=0
WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
COPY --from=front-end /build/static/build static/build
# None of these steps asks a server; the key is needed to load the settings and is not kept.
RUN SECRET_KEY=build python manage.py compilemessages --ignore=node_modules \
    && SECRET_KEY=build python manage.py subset_icons \
    && SECRET_KEY=build python manage.py collectstatic --noinput
USER shimebi
EXPOSE 8000
CMD ["gunicorn", "--bind=0.0.0.0:8000", "--workers=2", "--threads=4", "--timeout=120", "--no-control-socket", "billing_project.wsgi"]
