// Takes 120 MB out of node_modules that the project never uses: llama.cpp's sources, from which nothing is compiled
// here, its binaries for other processors than this one, builds of OpenTelemetry for browsers, sources and
// examples that packages bring beside what runs, and source maps. Runs after every install (package.json, "prepare").
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const modules = fileURLToPath(new URL('../node_modules', import.meta.url))
const binaries = `${modules}/@node-llama-cpp`
const others = existsSync(binaries)
  ? readdirSync(binaries).filter(
      (name) =>
        !name.startsWith(`${process.platform.replace('darwin', 'mac').replace('win32', 'win')}-${process.arch}`),
    )
  : []

const telemetry = `${modules}/@opentelemetry`
const builds = existsSync(telemetry)
  ? readdirSync(telemetry).flatMap((name) => ['esm', 'esnext'].map((build) => `${telemetry}/${name}/build/${build}`))
  : []

const aiSdk = `${modules}/@ai-sdk`
const packages = [`${modules}/ai`, ...(existsSync(aiSdk) ? readdirSync(aiSdk).map((name) => `${aiSdk}/${name}`) : [])]
const texts = packages.flatMap((path) => [`${path}/src`, `${path}/docs`, `${path}/CHANGELOG.md`])

for (const path of [
  `${modules}/node-llama-cpp/llama/gitRelease.bundle`,
  ...builds,
  ...texts,
  ...['zod/src', 'openai/src', 'svg-to-pdfkit/examples'].map((folder) => `${modules}/${folder}`),
  ...others.map((name) => `${binaries}/${name}`),
])
  rmSync(path, { recursive: true, force: true })

for (const name of readdirSync(modules, { recursive: true, encoding: 'utf8' }))
  if (name.endsWith('.map')) rmSync(`${modules}/${name}`)
