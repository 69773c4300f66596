import { join } from 'node:path'
import { serveCommand } from '../../src/cli/serve.ts'
import { keepWhen, type Policy } from '../../src/core/policy/policy.ts'
import { writeFileWhole } from '../../src/data/write.ts'

/** In mode `early` the decision falls on so many tokens. */
export const EARLY_TOKENS = 8

const policies: Record<string, Policy> = {
  whole: keepWhen([{ signal: 'mean_logprob', atLeast: -1 }]),
  first: keepWhen([{ signal: `mean_logprob_at_${EARLY_TOKENS}`, atLeast: -1 }]),
}

/** The gateway as a user has it, decision log, metrics and all. It says where it listens. */
export async function spillway(upstream: number, folder: string): Promise<void> {
  for (const [name, policy] of Object.entries(policies))
    await writeFileWhole(join(folder, `${name}.json`), [JSON.stringify(policy)])
  const url = `http://127.0.0.1:${upstream}/v1`
  const model = (name: string) => [name, { url, model: name, price: { input: 1, output: 2 } }]
  const cascade = (small: string, policy: string) => ({ stages: [small, 'large'], policy: `${policy}.json` })
  const config = {
    models: Object.fromEntries(['sure', 'unsure', 'paced', 'large'].map(model)),
    serve: {
      port: 0,
      top_logprobs: 5,
      cascades: {
        keep: cascade('sure', 'whole'),
        escalate: cascade('unsure', 'whole'),
        early: { ...cascade('sure', 'first'), mode: 'early' },
        'early-paced': { ...cascade('paced', 'first'), mode: 'early' },
      },
      log: { folder: join(folder, 'decisions') },
    },
  }
  const path = join(folder, 'spillway.yaml')
  await writeFileWhole(path, [JSON.stringify(config)])
  await serveCommand().parseAsync(['--config', path], { from: 'user' })
}
