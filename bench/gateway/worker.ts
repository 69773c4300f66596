import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** A process of the bench, which answers one question at a time. */
export interface Worker {
  /** Where it listens. */
  port: number
  ask<Answer>(question: object): Promise<Answer>
  stop(): void
}

/** Starts this program again in another role, which tells its port: by a message, or, as a user sees it, in a line. */
export async function startWorker(program: string, role: string, ...args: string[]): Promise<Worker> {
  const child = fork(program, [role, ...args], { stdio: ['ignore', 'inherit', 'pipe', 'ipc'] })
  const said: string[] = []
  child.stderr!.on('data', (text: Buffer) => said.push(String(text)))
  const fail = once(child, 'exit').then(([code]) => {
    throw new Error(`${role} ended with ${code}: ${said.join('')}`)
  })
  // Whoever waits for an answer hears of it.
  fail.catch(() => {})
  const port = await Promise.race([portOf(child), fail])
  return {
    port,
    async ask<Answer>(question: object) {
      child.send(question)
      const [answer] = (await Promise.race([once(child, 'message'), fail])) as [Answer | { error: string }]
      if (typeof answer === 'object' && answer !== null && 'error' in answer) throw new Error(answer.error)
      return answer as Answer
    },
    stop: () => void child.kill('SIGKILL'),
  }
}

const portOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve) => {
    child.once('message', (port) => resolve(port as number))
    child.stderr!.on('data', (text: Buffer) => {
      const port = /listening at http:\/\/[\d.]+:(\d+)/.exec(String(text))?.[1]
      if (port !== undefined) resolve(Number(port))
    })
  })

/** The other side: answers every question. */
export function answerQuestions<Question>(answer: (question: Question) => unknown): void {
  process.on('message', (question) => {
    void Promise.resolve(question as Question)
      .then(answer)
      .catch((error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }))
      .then((said) => process.send!(said))
  })
}
