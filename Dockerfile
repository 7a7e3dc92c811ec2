# One binary on a base without a shell. Everything the site serves is inside the binary.
#
#   docker build -t broadsheet .

FROM rust:1.95-bookworm AS build
WORKDIR /src
# The editor's engine is built from npm, newer than the one that a crate carries; without it there shall be no image.
RUN apt-get update \
 && apt-get install -y --no-install-recommends nodejs npm \
 && rm -rf /var/lib/apt/lists/*
ENV EDITOR_FROM_NPM=required
# Queries are checked against .sqlx, so the build needs no database.
COPY . .
RUN cargo build --release --locked --bin broadsheet \
 && mkdir -p /out/data \
 && cp target/release/broadsheet /out/broadsheet

# glibc, libgcc and the public certificates; the same Debian as the first stage, for the same glibc.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /out/broadsheet /broadsheet
# The volume mounted here takes this owner over, so that a fresh one can be written to.
COPY --from=build --chown=65532:65532 /out/data /data

# Inside a container the loopback address cannot be reached from outside.
ENV BROADSHEET_LISTEN=0.0.0.0:8080 \
    BROADSHEET_DATA=/data

# By number, so that an orchestrator can see that it is not root.
USER 65532:65532
VOLUME ["/data"]
EXPOSE 8080
STOPSIGNAL SIGTERM

# /livez says that the process is up and asks no database: a database that is away must not restart the site.
HEALTHCHECK --interval=15s --timeout=6s --start-period=60s --retries=3 CMD ["/broadsheet", "healthcheck"]

ENTRYPOINT ["/broadsheet"]
CMD ["serve"]
