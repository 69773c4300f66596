// npm run demo:audit: a promise that breaks since the traffic changes, and a policy that keeps it again. The gateway
// answers 5,000 requests with the tiny pair; half-way they become harder. Every command is shown before it runs.
import { spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { questionsOf } from './demo-audit/questions.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = 'demo/audit'
const PROMISE = '--max-quality-loss 0.05'
/** Requests before and after the change, and by the new policy. */
const [BEFORE, AFTER, AGAIN] = [2500, 2500, 2500]
const AT_ONCE = 4
/** A promise that is broken, or cannot be certified: an answer, not a failure. */
const NO_PROMISE = 3

const { usual, shifted } = questionsOf(20_261_126)

rmSync(`${root}/${folder}`, { recursive: true, force: true })
mkdirSync(`${root}/${folder}`, { recursive: true })
await shown(`collect --config examples/tiny-pair/spillway.yaml --out ${folder}/outcomes.jsonl`)
await shown(`tune ${folder}/outcomes.jsonl ${PROMISE} --out ${folder}/policy.json`)

say('The gateway, which asks the large model too about three of ten answers that it keeps')
let gateway = await serve('policy.json')
say(`${BEFORE} requests like those that the policy was tuned on`)
await ask(gateway.url, BEFORE, usual)
await shown(`audit ${folder}/decisions --policy ${folder}/policy.json`)

const change = new Date().toISOString()
say(`${AFTER} requests of other kinds: sums of two digits, and dates early in the year`)
await ask(gateway.url, AFTER, shifted)
await gateway.stop()
const broken = await shown(`audit ${folder}/decisions --policy ${folder}/policy.json`)

say('A policy for the traffic as it is now, from what the audits have found')
const tuned = await shown(
  `tune --from-log ${folder}/decisions --since ${change} ${PROMISE} --out ${folder}/policy-2.json`,
)
let held
if (tuned === 0) {
  gateway = await serve('policy-2.json')
  say(`${AGAIN} requests of those kinds by the new policy`)
  await ask(gateway.url, AGAIN, shifted)
  await gateway.stop()
  held = await shown(`audit ${folder}/decisions --policy ${folder}/policy-2.json`)
}
const ended = broken === NO_PROMISE && held === 0
say(
  ended
    ? 'The promise broke, the audits said so, and the new policy has not broken it.'
    : 'This run did not go as it should.',
)
if (!ended) process.exitCode = 1

function say(text) {
  process.stdout.write(`\n# ${text}\n`)
}

/** Runs one command and shows what it prints; its exit code. */
async function shown(command) {
  process.stdout.write(`\n$ spillway ${command}\n\n`)
  const child = spawn(process.execPath, ['dist/cli/main.js', ...command.split(' ')], { cwd: root, stdio: 'inherit' })
  const code = await new Promise((resolve) => child.on('close', resolve))
  if (code !== 0 && code !== NO_PROMISE) process.exit(code ?? 1)
  return code
}

/** Starts a gateway on any free port. */
async function serve(policy) {
  const config = `${folder}/spillway.yaml`
  writeFileSync(
    `${root}/${config}`,
    `small: { gguf: ../../examples/tiny-pair/small.gguf, price: { call: 1 } }
large: { gguf: ../../examples/tiny-pair/large.gguf, price: { call: 10 } }
serve:
  policy: ${policy}
  port: 0
  currency: units
  log: { folder: decisions }
  audit: { probability: 0.3, scorer: exact }
`,
  )
  process.stdout.write(`\n$ spillway serve --config ${config}\n\n`)
  const child = spawn(process.execPath, ['dist/cli/main.js', 'serve', '--config', config, '--json'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.on('close', resolve))
  const url = await new Promise((resolve, reject) => {
    child.stdout.once('data', (line) => resolve(JSON.parse(line).listening))
    void ended.then((code) => reject(new Error(`the gateway ended with ${code}`)))
  })
  return {
    url,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Asks some questions, a few at a time, and says with each what the right answer is. */
async function ask(url, count, question) {
  let left = count
  const client = async () => {
    while (left > 0) {
      left -= 1
      const [content, gold] = question()
      const response = await fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-spillway-gold': encodeURIComponent(gold) },
        body: JSON.stringify({ model: 'cascade', messages: [{ role: 'user', content }], temperature: 0 }),
      })
      if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`)
      await response.arrayBuffer()
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, client))
}
