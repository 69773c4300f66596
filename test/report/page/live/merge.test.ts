import fc from 'fast-check'
import { expect, test } from 'vitest'
import { merged, namesIn } from '../../../../src/report/page/live/model/merge.ts'
import { liveScene, recordOf, tunedPolicy } from '../../../support/live.ts'

const policy = tunedPolicy([-0.5, -1.5])
/** Time passes, some requests come, and someone looks or not. */
const steps = fc.array(
  fc.record({
    passes: fc.integer({ min: 0, max: 700_000 }),
    requests: fc.integer({ min: 0, max: 9 }),
    looks: fc.boolean(),
  }),
  { maxLength: 30 },
)

test('a state and the updates since are the state of now', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const { live, add, pass } = liveScene(policy)
      live.update()
      let page = live.state()
      for (const { passes, requests, looks } of list) {
        pass(passes)
        for (let i = 0; i < requests; i++) add(recordOf(-i / 4))
        const update = looks ? live.update() : undefined
        if (update !== undefined) page = merged(page, structuredClone(update))
      }
      add(recordOf(-1))
      page = merged(page, live.update()!)
      expect(page).toEqual(live.state())
    }),
  )
})

test('the names to choose from are those that have a policy, or have been asked for', () => {
  const { live, add } = liveScene(policy)
  expect(namesIn(live.state())).toEqual(['cascade'])
  add(recordOf(-1, { cascade: 'large' }))
  add(recordOf(-1, { cascade: 'gone' }))
  expect(namesIn(live.state())).toEqual(['cascade', 'large', 'gone'])
})
