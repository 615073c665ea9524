# The whole program is one static file; the image holds that file and an empty folder for its data.
#
#   docker build -t skirmish .
#   docker run -d --name skirmish --read-only --cap-drop ALL --env-file .env -v skirmish:/data skirmish

# Alpine's Rust builds for musl, which needs no C library in the image that runs.
FROM rust:1.95-alpine AS build
RUN apk add --no-cache build-base
WORKDIR /src
COPY . .
# Debug information stays out: it is most of the size and nobody can look at it in there.
RUN cargo build --release --locked --bin skirmish --config profile.release.debug=false \
      --config 'profile.release.strip="symbols"' \
 && mkdir -p /out/data \
 && cp target/release/skirmish /out/skirmish

FROM scratch
COPY LICENSE-MIT LICENSE-APACHE NOTICE /licences/
COPY --from=build /out/skirmish /skirmish
# A new volume takes the owner of the folder it covers.
COPY --from=build --chown=65532:65532 /out/data /data
ENV DATA_DIR=/data
# There is no /tmp: `docker run --rm skirmish demo` keeps its fight here and takes it away again.
ENV TMPDIR=/data
VOLUME /data
USER 65532:65532
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["/skirmish", "healthcheck"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/skirmish"]
CMD ["serve"]
