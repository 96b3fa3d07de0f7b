FROM golang:1.26-alpine AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# The front end is committed as built, so Go is all that is needed; without cgo the binary runs on any Linux.
RUN CGO_ENABLED=0 go build -trimpath -ldflags=-s -o /shuizheng ./cmd/shuizheng

FROM alpine:3.23
RUN adduser -D -H -u 10001 shuizheng && mkdir -m 0700 /data && chown shuizheng /data
COPY --from=build /shuizheng /usr/local/bin/shuizheng
USER 10001
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["shuizheng"]
CMD ["serve"]
