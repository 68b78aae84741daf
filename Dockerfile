# One image for every service and for the node; which one runs is the command's first word:
#   docker build -t gatefleet .                          services, and nodes with simulated gateways
#   docker build -t gatefleet:openclaw --target openclaw .   the same with Node.js and the pinned OpenClaw
# Layers, from what changes least to what changes most: runtime, libraries, and last our own jars with their class archive,
# which is all that a change of the source makes anew.

FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY . .
# The cache holds Maven's libraries between builds; the distribution leaves it as two directories.
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -q -Dmaven.test.skip=true -Dspotless.check.skip=true -pl fleet-cli -am package \
    && mkdir -p /dist/own /dist/libraries \
    && mv fleet-cli/target/dist/lib/*-SNAPSHOT.jar /dist/own/ \
    && mv fleet-cli/target/dist/lib/*.jar /dist/libraries/

# The modules that the services load, and what an operator needs to look into a process (jcmd, JFR).
FROM maven:3.9-eclipse-temurin-17 AS runtime
RUN jlink --output /java --strip-java-debug-attributes --no-header-files --no-man-pages --compress=2 --add-modules \
    java.base,java.compiler,java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,java.scripting,java.security.jgss,java.sql,java.xml,jdk.attach,jdk.crypto.ec,jdk.httpserver,jdk.jcmd,jdk.jfr,jdk.management,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs \
    && /java/bin/java -XX:+UseSerialGC -Xshare:dump

FROM debian:bookworm-slim AS base
RUN groupadd --system --gid 10001 gatefleet \
    && useradd --system --uid 10001 --gid gatefleet --home-dir /var/lib/gatefleet --create-home gatefleet \
    && install -d -o gatefleet -g gatefleet -m 0700 /var/lib/gatefleet /run/gatefleet/access \
    # Tokens are made into volumes, which take owner and mode from here.
    && install -d -o gatefleet -g gatefleet -m 0750 /run/gatefleet/node /run/gatefleet/metrics /run/gatefleet/operator
COPY --from=runtime /java /opt/java
COPY --from=build /dist/libraries /opt/gatefleet/libraries
COPY deploy/docker/gatefleet-service deploy/docker/gatefleet-healthy deploy/docker/gatefleet-access /opt/gatefleet/bin/
ENV PATH=/opt/gatefleet/bin:/opt/java/bin:$PATH GATEFLEET_HOME=/var/lib/gatefleet
WORKDIR /var/lib/gatefleet
STOPSIGNAL SIGTERM
ENTRYPOINT ["/opt/gatefleet/bin/gatefleet-service"]
CMD ["help"]

# The class path is written down in one order: an archive of classes holds for that order only.
FROM base AS own
RUN --mount=type=bind,from=build,source=/dist/own,target=/mnt \
    install -D -m 0644 -t /opt/gatefleet/own /mnt/*.jar \
    && cd /opt/gatefleet/own \
    && ls /opt/gatefleet/own/*.jar /opt/gatefleet/libraries/*.jar | paste -sd: >classpath \
    && GATEFLEET_HOME=/tmp/rehearsal /opt/java/bin/java -XX:ArchiveClassesAtExit=classes.jsa -XX:+UseSerialGC \
        -Xlog:disable -Xlog:all=error:stderr -cp "$(cat classpath)" io.gatefleet.cli.fleet.Rehearsal

# OpenClaw as it comes from npm, pinned, with what it leaves open resolved as of one day; no install script runs. Its first
# start ends its own installation, so it is started here: a container cannot write into it. Without the backends of models
# that would run in the container: 0.7 GB.
FROM node:24-bookworm-slim AS openclaw-package
WORKDIR /opt/openclaw
RUN --mount=type=cache,target=/root/.npm \
    echo '{"private": true, "dependencies": {"openclaw": "2026.9.6"}}' >package.json \
    && npm install --ignore-scripts --omit=dev --no-audit --no-fund --no-package-lock --before=2026-11-15 \
    && rm -rf node_modules/@node-llama-cpp \
    && HOME=/tmp node node_modules/openclaw/openclaw.mjs --version

# Ours comes last here too: a change of the source does not copy 0.7 GB again.
FROM base AS openclaw
COPY --from=openclaw-package /usr/local/bin/node /opt/node/bin/node
COPY --from=openclaw-package /opt/openclaw /opt/openclaw
ENV GATEFLEET_NODE=/opt/node/bin/node GATEFLEET_OPENCLAW=/opt/openclaw/node_modules/openclaw/openclaw.mjs
COPY --from=own /opt/gatefleet/own /opt/gatefleet/own
USER gatefleet

# Who names no target means the services.
FROM base AS gatefleet
COPY --from=own /opt/gatefleet/own /opt/gatefleet/own
USER gatefleet
