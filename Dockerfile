# One image for the three services and the command line. The build needs the network for the npm registry only.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/copy-assets.js scripts/build-page.js scripts/
COPY proto/byzantine proto/byzantine
COPY services services
RUN npm run --silent gen && npm run --silent build

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json release.toml ./
# The volumes with the secrets and certificates take their owner from here.
RUN cd /run && folders="byzantine byzantine-store $(printf 'byzantine-tls/%s ' ca tuplespace general-node orchestrator client)" \
  && mkdir -p $folders && chown -R node:node byzantine byzantine-store byzantine-tls
USER node
ENTRYPOINT ["node", "dist/services/cli/main.js"]
CMD ["help"]
