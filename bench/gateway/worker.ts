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
      const [said] = (await Promise.race([once(child, 'message'), fail])) as [Said<Answer>]
      if ('error' in said) throw new Error(said.error)
      return said.answer
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

type Said<Answer> = { answer: Answer } | { error: string }

/** The other side: answers every question. */
export function answerQuestions(answer: (question: unknown) => unknown): void {
  const said = async (question: unknown): Promise<Said<unknown>> => {
    try {
      return { answer: await answer(question) }
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) }
    }
  }
  process.on('message', (question) => void said(question).then((all) => process.send!(all)))
}
