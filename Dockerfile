# The program in a small image. Only what COPY takes up in a layer makes it anew: manifests build the dependencies,
# sources the rest. Plain instructions only, so that the builders of Debian's docker.io and of BuildKit both do.
FROM rust:1.95-slim-bookworm AS build
# What cargo is told: `release`, or `dev` for a quick build.
ARG PROFILE=release
WORKDIR /build

COPY Cargo.toml Cargo.lock ./
COPY api/Cargo.toml api/
COPY crawler/Cargo.toml crawler/
COPY crawler/extract/Cargo.toml crawler/extract/
COPY entity/Cargo.toml entity/
COPY migration/Cargo.toml migration/
COPY tests/sites/Cargo.toml tests/sites/
COPY tests/support/Cargo.toml tests/support/
# Empty crates in place of ours: what is built then is what they depend on.
RUN mkdir -p src tests/e2e api/benches crawler/benches crawler/extract/benches \
 && echo 'fn main() {}' | tee src/main.rs tests/e2e/main.rs api/benches/load.rs crawler/benches/crawl.rs crawler/extract/benches/read.rs >/dev/null \
 && for crate in api crawler crawler/extract entity migration tests/sites tests/support; do mkdir -p $crate/src && : > $crate/src/lib.rs; done \
 && cargo build --locked --profile $PROFILE --bin plangraph --config profile.dev.debug=false \
 && rm -r src tests api crawler entity migration

COPY . .
# Sources may be older than the empty crates.
RUN find . -name '*.rs' -not -path './target/*' -exec touch {} + \
 && cargo build --locked --profile $PROFILE --bin plangraph --config profile.dev.debug=false \
 && install -D --strip target/*/plangraph /out/plangraph

FROM debian:bookworm-slim
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="plangraph" \
      org.opencontainers.image.description="A GraphQL API over what China's health authorities say they will do" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
RUN groupadd --system --gid 10001 plangraph \
 && useradd --system --uid 10001 --gid plangraph --home-dir /data --no-create-home --shell /usr/sbin/nologin plangraph \
 && install -d -o plangraph -g plangraph /data /data/snapshots /sources
# Whom to trust over TLS; without them no site can be fetched.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/plangraph /usr/local/bin/plangraph
USER plangraph
WORKDIR /data
VOLUME /data
ENV DATABASE_URL=sqlite:///data/plangraph.db?mode=rwc \
    PLANGRAPH_SNAPSHOTS=/data/snapshots \
    PLANGRAPH_BIND=0.0.0.0:8000
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["plangraph", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["plangraph"]
CMD ["serve"]
