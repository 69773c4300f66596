import { describe, expect, test } from 'vitest'
import { loadScorer } from '../../src/scoring/load-scorer.ts'
import { file, inFolder } from '../support/files.ts'

describe('a name', () => {
  test.each([
    ['f1', 'the cat', 'cat', 1],
    ['f1-study', 'the cat', 'cat', 2 / 3],
    ['number:tolerance=0.01', '100.5', '100', 1],
    ['number: tolerance = 0.1 , absolute=0', '109', '100', 1],
    ['json:field=answer.city', '{"answer": {"city": "Paris"}}', 'Paris', 1],
    ['json:field=answer.ts', '{"answer": {"ts": 1}}', '1', 1],
    ['label:neutral=not mentioned|unknown,yes=aye', 'unknown', 'neutral', 1],
    ['label:neutral=not mentioned|unknown,yes=aye', 'aye', 'yes', 1],
    ['regex:flags=i', 'PARIS', '^paris$', 1],
    ['choice:gold=index', '(C)', '2', 1],
  ])('%s scores %j against %j', async (spec, answer, reference, expected) => {
    const score = await loadScorer(spec)
    expect(await score(answer, [reference], {})).toBeCloseTo(expected, 12)
  })

  test.each([
    ['rougel', 'no scorer called "rougel"; did you mean rouge-l? (there are f1, f1-study, '],
    ['zzz', 'no scorer called "zzz" (there are f1, '],
    ['', 'no scorer called ""'],
    ['toString', 'no scorer called "toString"'],
    ['number:tol=1', 'scorer number has no option "tol"; did you mean tolerance? (it takes tolerance, absolute)'],
    ['f1:beta=2', 'scorer f1 has no option "beta" (it takes none)'],
    ['number:tolerance', 'scorer "number:tolerance": "tolerance" is no option; write NAME:OPTION=VALUE'],
    ['number:', '"" is no option'],
    ['number:tolerance=1,tolerance=2', 'has the option tolerance twice'],
    ['number:tolerance=-1', 'scorer number: tolerance is "-1"; it must be a number of 0 or more'],
    ['number:absolute=', 'absolute is ""'],
    ['regex:flags=g', 'scorer regex: flags is "g"'],
    ['json', 'scorer json: field is ""'],
    ['json:field=a..b', 'scorer json: field is "a..b"'],
    ['choice:gold=x', 'scorer choice: gold is "x"; it must be one of auto, letter, index, text'],
    ['label:a=x,b=x', '"x" means both a and b'],
    ['./nope.js', 'scorer ./nope.js: there is no file '],
  ])('%j is refused', async (spec, message) => {
    await expect(loadScorer(spec)).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining(message) })
  })
})

describe("a user's module", () => {
  const load = async (name: string, source: string) => {
    file(name, source)
    return loadScorer(`./${name}`, inFolder(''))
  }

  test('exports its function as default or as score, waited for or not', async () => {
    const sources = [
      'export default (answer, references) => (references.includes(answer) ? 0.5 : 0)',
      'export const score = async () => 0.5',
      'export default { score: () => 0.5 }',
      'export default (_answer, _references, question) => question.weight',
    ]
    for (const [i, source] of sources.entries()) {
      const score = await load(`good-${i}.mjs`, source)
      expect(await score('a', ['a'], { weight: 0.5 })).toBe(0.5)
    }
  })

  test('may answer with true and false, or miss 1 by rounding', async () => {
    const score = await load(
      'loose.mjs',
      "export default (answer) => (answer === 'sum' ? 1 + 2e-16 * 2 : answer === 'x')",
    )
    expect(await score('x', ['x'], {})).toBe(1)
    expect(await score('y', ['x'], {})).toBe(0)
    expect(await score('sum', ['x'], {})).toBe(1)
  })

  test.each([
    ['1.4', 'it gave 1.4, which is no quality from 0 to 1; divide by the highest score'],
    ['NaN', 'it gave NaN'],
    ['-0.1', 'it gave -0.1'],
    ['undefined', 'it gave undefined, which is no quality from 0 to 1; return a number'],
    ['"0.5"', 'it gave "0.5"'],
    ['({ score: 1 })', 'it gave a value of type object'],
    ['Promise.resolve(2)', 'it gave 2'],
    ['(() => { throw new Error("boom") })()', 'the function threw "boom"'],
  ])('that gives %s is named', async (value, message) => {
    const name = `bad-${value.replaceAll(/\W/g, '')}.mjs`
    const score = await load(name, `export default () => ${value}`)
    await expect(score('an answer', ['x'], {})).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(`scorer ./${name}, answer "an answer": ${message}`),
    })
  })

  test.each([
    ['empty.mjs', 'export const scores = 1', 'exports no function; write export default'],
    ['throws.mjs', 'throw new Error("no key")', 'cannot be imported: no key; mend the module'],
    ['missing.mjs', 'import "./nowhere.mjs"', 'cannot be imported: '],
  ])('%s is refused', async (name, source, message) => {
    await expect(load(name, source)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(`scorer ./${name} ${message}`),
    })
  })
})
