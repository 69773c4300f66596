import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { simulateOutcomes } from '../../examples/simulate-outcomes.ts'

test('the shipped simulated outcomes are what the seeded generator writes', () => {
  const shipped = readFileSync(new URL('../../examples/simulated-outcomes.jsonl', import.meta.url), 'utf8')
  expect([...simulateOutcomes()].join('')).toBe(shipped)
})

test('every shipped row says that it is simulated', () => {
  for (const line of simulateOutcomes()) expect(JSON.parse(line).dataset).toBe('simulated')
})
