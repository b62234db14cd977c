# The server alone: docker build --tag pushlab . && docker run --publish 8080:8080 --volume pushlab:/data pushlab
FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY crates crates
COPY src src
COPY static static
COPY bundle bundle
COPY migrations migrations
COPY scenarios scenarios
COPY docs/openapi.yaml docs/openapi.yaml
COPY docs/TEACHING.md docs/TEACHING.md
COPY docs/GLOSSARY.md docs/GLOSSARY.md
COPY docs/MEASUREMENT.md docs/MEASUREMENT.md
COPY reports/WORKSHEET.md reports/WORKSHEET.md
# Cargo.toml names them; they are not built.
COPY benches benches
COPY tests tests
RUN cargo build --release --locked --package pushlab
RUN mkdir /data

# A C library, the certificates of the public authorities, and a user without rights; no shell.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /src/target/release/pushlab /usr/local/bin/pushlab
COPY --from=build --chown=nonroot:nonroot /data /data
ENV PORT=8080 DATABASE_URL=/data/pushlab.db
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=4s --start-period=20s CMD ["pushlab", "health"]
ENTRYPOINT ["pushlab"]
CMD ["serve"]
