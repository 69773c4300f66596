# The gateway. Build: docker build -t spillway . Run: docker run -p 8080:8080 -v ./config:/config:ro spillway
FROM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:22-slim
ENV NODE_ENV=production
COPY --from=build /app/package.json /app/LICENSE /app/
COPY --from=build /app/node_modules /app/node_modules
COPY --from=build /app/dist /app/dist
# The decision log is written here.
WORKDIR /data
RUN chown node:node /data
USER node
EXPOSE 8080
# An address that other machines reach wants client keys in the configuration: `spillway key NAME` makes them.
ENTRYPOINT ["node", "/app/dist/cli/main.js"]
CMD ["serve", "--config", "/config/spillway.yaml", "--host", "0.0.0.0"]
