// Takes 90 MB out of node_modules that the project never uses: llama.cpp's sources, from which nothing is compiled
// here, its binaries for other processors than this one, and packages' source maps. Runs after every install
// (package.json, "prepare").
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

for (const path of [
  `${modules}/node-llama-cpp/llama/gitRelease.bundle`,
  ...others.map((name) => `${binaries}/${name}`),
])
  rmSync(path, { recursive: true, force: true })

for (const name of readdirSync(modules, { recursive: true })) if (name.endsWith('.map')) rmSync(`${modules}/${name}`)
