import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Makes a folder whose programs import the package as it is published, from its tarball, and `ai` with its packages. */
export function packedFolder(folder: string): void {
  const modules = join(folder, 'node_modules')
  mkdirSync(join(modules, 'spillway'), { recursive: true })
  const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
  })
  execFileSync('tar', ['-xzf', join(folder, packed.trim()), '-C', join(modules, 'spillway'), '--strip-components=1'])
  for (const name of readdirSync(join(root, 'node_modules')))
    if (name !== 'spillway' && !name.startsWith('.')) symlinkSync(join(root, 'node_modules', name), join(modules, name))
}
