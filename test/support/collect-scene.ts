import { afterAll } from 'vitest'
import { questionsOf } from './collected.ts'
import { file, inFolder, jsonl } from './files.ts'
import { start, type Running } from './process.ts'
import { scriptedServer, type Line, type Said, type ScriptedServer } from './scripted-server.ts'

const servers: ScriptedServer[] = []
afterAll(async () => {
  for (const server of servers) await server.close()
})

export interface Scene {
  server: ScriptedServer
  out: string
  journal: string
  questions: string
  /** Of `collect`, for both models, `small` and `large`, at the server. */
  args: string[]
  /** Starts it, with more flags. */
  start: (more?: readonly string[], env?: Record<string, string | undefined>) => Running
  run: (more?: readonly string[], env?: Record<string, string | undefined>) => Running['ended']
}

/** Questions, a scripted server for both models, and the command line that collects from it. */
export async function collectScene(
  name: string,
  script: (line: Line) => Said | Promise<Said> = () => ({}),
  rows: readonly object[] = questionsOf(20),
): Promise<Scene> {
  const server = await scriptedServer(script)
  servers.push(server)
  const questions = file(`${name}.questions.jsonl`, jsonl(...rows))
  const out = inFolder(`${name}.jsonl`)
  const models = ['--small', `small@${server.url}`, '--large', `large@${server.url}`]
  const args = ['collect', questions, ...models, '--prompt', 'plain', '--scorer', 'exact', '--out', out]
  const begin: Scene['start'] = (more = ['--cost', 'small=1,large=10'], env = {}) => start([...args, ...more], { env })
  return {
    server,
    out,
    journal: inFolder(`${name}.calls.jsonl`),
    questions,
    args,
    start: begin,
    run: (more, env) => begin(more, env).ended,
  }
}
