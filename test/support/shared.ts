import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = new URL('../../../shared/data/', import.meta.url)

/** True where the recorded outcomes and oracles lie beside the project; tests that need them are skipped elsewhere. */
export const hasSharedData = existsSync(folder)
if (!hasSharedData) process.stderr.write('../shared/data is absent: tests on the recorded outcomes are skipped\n')

const sharedPath = (name: string): string => fileURLToPath(new URL(name, folder))
// oxlint-disable-next-line typescript/no-explicit-any -- an oracle file has whatever shape it has
export const sharedJson = (name: string): any => JSON.parse(readFileSync(sharedPath(name), 'utf8'))

/** The two files of one recorded set. */
export const recorded = (set: 'coqa' | 'qasper'): [string, string] => [
  sharedPath(`automix/router_data_${set}_short.jsonl`),
  sharedPath(`automix/${set}_short_answerlogits.jsonl`),
]
