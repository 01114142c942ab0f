# The daemon as one native program, built on the kind of machine that it is for: its linker is that machine's own.
#   docker build -t bgp --build-arg COMMIT="$(git rev-parse HEAD)" .
#   docker run --rm --network host --cap-add NET_ADMIN -v /etc/bgp:/etc/bgp:ro bgp run --config /etc/bgp/router.yaml
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH=amd64
ARG COMMIT=
RUN apt-get update && apt-get install -y --no-install-recommends build-essential && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY global.json nuget.config Directory.*.props .editorconfig ./
COPY src src
RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet publish src/Bgp.Daemon -c Release -a $TARGETARCH -p:SourceRevisionId=$COMMIT -o /opt/bgp

FROM mcr.microsoft.com/dotnet/runtime-deps:10.0
COPY --from=build /opt/bgp/bgp /usr/local/bin/bgp
EXPOSE 179
ENTRYPOINT ["bgp"]
