import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { loadConfig } from '../../src/config/load-config.ts'
import { parsePolicy } from '../../src/core/policy/parse.ts'
import { lintOutcomes } from '../../src/data/read-outcomes.ts'
import { blocks, type Block } from '../support/documentation.ts'
import { file, inFolder, jsonl } from '../support/files.ts'

const inLanguage = (language: string) =>
  blocks
    .filter((block) => block.language === language)
    .map((block) => [`${block.page}:${block.line}`, block] as readonly [string, Block])

describe('a JSON block', () => {
  test.each(inLanguage('json'))('%s is what it seems to be', async (place, { text }) => {
    const value = JSON.parse(text) as object
    if ('version' in value) expect(parsePolicy(text, place)).toMatchObject(value)
    else if ('small' in value || 'models' in value) await expectOutcome(place, value)
    else expect(Object.keys(value).length).toBeGreaterThan(0)
  })
})

async function expectOutcome(place: string, row: object): Promise<void> {
  const path = file(place.replaceAll(/\W/g, '-'), jsonl(row))
  const { outcomes, findings } = await lintOutcomes(path)
  expect({ rows: outcomes.rows, errors: findings.filter(({ level }) => level === 'error') }).toEqual({
    rows: 1,
    errors: [],
  })
}

describe('a YAML block', () => {
  const folder = inFolder('snippets')
  mkdirSync(folder)
  const yaml = inLanguage('yaml')
  const composed = yaml.filter(([, { text }]) => text.startsWith('# compose.yaml'))

  test.each(yaml.filter((each) => !composed.includes(each)))('%s is a configuration', async (place, { text }) => {
    const path = join(folder, `${place.replaceAll(/\W/g, '-')}.yaml`)
    writeFileSync(path, text)
    expect(Object.keys(await loadConfig(path)).length).toBeGreaterThan(0)
  })

  test.each(composed)('%s has services', (_, { text }) => {
    const { services } = parse(text) as { services: Record<string, { build?: string; image?: string }> }
    expect(Object.values(services).every(({ build, image }) => build !== undefined || image !== undefined)).toBe(true)
  })
})
