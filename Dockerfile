# Quiesce with all that it needs: docker build -t quiesce . && docker run --rm -v "$PWD:/specs" quiesce check .
FROM node:20-bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends openjdk-17-jre-headless maven gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/quiesce
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
# doctor fetches TLC, which stays in the image: a run has no network, perhaps.
RUN npm run --silent build && npm prune --omit=dev && npm link && quiesce doctor \
    && cp /root/.cache/quiesce/jar/*.jar /opt/tla2tools.jar && chmod 644 /opt/tla2tools.jar && rm -rf /root/.cache /root/.m2
ENV TLA2TOOLS_JAR=/opt/tla2tools.jar
# Whoever runs it may be anybody: the cache is in a folder that all may write.
ENV XDG_CACHE_HOME=/tmp/cache
WORKDIR /specs
ENTRYPOINT ["quiesce"]
CMD ["--help"]
