FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY clients/typescript/package.json clients/typescript/
COPY clients/cli/package.json clients/cli/
RUN npm ci --include=dev --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts/ensure.mjs scripts/
COPY clients clients
COPY docs docs
COPY src src
RUN npm run build && rm -r dist/.ensure && chmod +x clients/cli/dist/main.js

FROM node:22-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
COPY clients/typescript/package.json clients/typescript/
COPY clients/cli/package.json clients/cli/
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:22-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/clients clients
ENV PATH=/app/node_modules/.bin:$PATH
USER node
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s \
  CMD ["node", "dist/health.js"]
CMD ["node", "dist/main.js"]
