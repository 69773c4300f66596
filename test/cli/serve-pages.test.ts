import { describe, expect, test } from 'vitest'
import { spillway } from '../support/cli.ts'
import { chat, textOf } from '../support/client.ts'
import { configOf, serveFolder, startServe } from '../support/serve.ts'
import { unsure } from '../support/upstream-words.ts'
import { nobody, upstream } from '../support/upstream.ts'

/** The value of a metric, by its name and labels as Prometheus writes them. */
const valueOf = (text: string, line: string): number | undefined => {
  const found = text.split('\n').find((each) => each.startsWith(`${line} `))
  return found === undefined ? undefined : Number(found.slice(line.length))
}

async function serving(more: object = {}, config: object = {}) {
  const small = await upstream((_, before) => (before % 2 === 0 ? {} : { words: unsure }))
  const large = await upstream()
  const whole = { ...configOf({ small: small.url, large: large.url, serve: more }), ...config }
  return { small, large, ...(await startServe({}, serveFolder({}, whole))) }
}

describe('pages of the gateway', { timeout: 60_000 }, () => {
  test('tell of its health, its models, and what it has done', async () => {
    const broken = { model: 'broken', url: await nobody(), retries: 0 }
    const gateway = await serving({}, { models: { broken } })
    for (const path of ['/healthz', '/readyz', '/healthz?from=balancer'])
      expect(await gateway.get(path)).toMatchObject({ status: 200, text: '{"status":"ok"}\n' })
    const { data } = JSON.parse((await gateway.get('/v1/models')).text) as { data: { id: string; object: string }[] }
    expect(data.map(({ id, object }) => [id, object])).toEqual(
      ['cascade', 'small', 'large', 'broken'].map((id) => [id, 'model']),
    )
    for (let i = 0; i < 4; i++) expect((await gateway.ask(chat())).status).toBe(200)
    expect((await gateway.ask(chat({ model: 'broken' }))).status).toBe(502)
    const stats = JSON.parse((await gateway.get('/stats')).text) as object
    expect(stats).toMatchObject({
      currency: 'USD',
      cascades: {
        cascade: { requests: 4, outcomes: { kept: 2, escalated: 2 }, kept_share: 0.5, requests_without_cost: 0 },
        broken: { requests: 1, outcomes: { failed: 1 }, kept_share: null },
      },
    })
    const metrics = await gateway.get('/metrics')
    expect(metrics.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    const expected: [string, number][] = [
      ['spillway_requests_total{cascade="cascade",outcome="kept",status="200"}', 2],
      ['spillway_requests_total{cascade="cascade",outcome="escalated",status="200"}', 2],
      ['spillway_requests_total{cascade="broken",outcome="failed",status="502"}', 1],
      ['spillway_decisions_total{cascade="cascade",stage="small",decision="escalate",reason="condition-fails"}', 2],
      ['spillway_tokens_total{cascade="cascade",stage="small",kind="output"}', 10],
      ['spillway_tokens_total{cascade="cascade",stage="large",kind="input"}', 14],
      ['spillway_signal_count{cascade="cascade",signal="mean_logprob"}', 4],
      ['spillway_request_seconds_count{cascade="cascade",outcome="kept"}', 2],
      ['spillway_upstream_errors_total{cascade="broken",stage="broken",status="none"}', 1],
      ['spillway_kept_share{cascade="cascade"}', 0.5],
      ['spillway_breaker_state{upstream="small"}', 0],
      ['spillway_in_flight', 0],
      ['spillway_log_dropped', 0],
    ]
    for (const [line, value] of expected) expect([line, valueOf(metrics.text, line)]).toEqual([line, value])
  })

  test('want a key where the API does, but for those that a balancer asks', async () => {
    const made = JSON.parse((await spillway(['key', 'alice', '--json'])).stdout) as { key: string; sha256: string }
    const gateway = await serving({ keys: [{ name: 'alice', sha256: made.sha256 }] })
    const headers = { authorization: `Bearer ${made.key}` }
    for (const path of ['/healthz', '/readyz']) expect((await gateway.get(path)).status).toBe(200)
    for (const path of ['/metrics', '/stats', '/v1/models', '/nowhere']) {
      const refused = await gateway.get(path)
      expect([refused.status, JSON.parse(refused.text)]).toEqual([
        401,
        { error: expect.objectContaining({ code: 'invalid_api_key', type: 'invalid_request_error' }) },
      ])
      expect((await gateway.get(path, headers)).status).toBe(path === '/nowhere' ? 404 : 200)
    }
    for (const authorization of [undefined, `Bearer ${made.sha256}`, 'Bearer sk-other'])
      expect((await gateway.ask(chat(), { headers: authorization ? { authorization } : {} })).status).toBe(401)
    expect(gateway.small.asked).toEqual([])
    expect((await gateway.ask(chat(), { headers })).status).toBe(200)
    await gateway.stop()
    expect(gateway.lines()).toMatchObject([{ client: 'alice' }])
  })

  test('and answers have names in them that are no ASCII', async () => {
    const other = await upstream()
    const models = { 'größer 小': { model: 'm', url: other.url } }
    const cascades = { 'über 🙂': { stages: ['small', 'größer 小'], policy: 'policy.json' } }
    const gateway = await serving({ policy: undefined, cascades }, { models })
    for (const stage of ['small', 'gr%C3%B6%C3%9Fer %E5%B0%8F']) {
      const reply = await gateway.ask(chat({ model: 'über 🙂' }))
      expect([reply.status, textOf(reply)]).toEqual([200, 'Grüße 🙂 done'])
      expect(reply.headers.get('x-spillway-stage')).toBe(stage)
    }
    expect((await gateway.get('/metrics')).text).toContain('cascade="über 🙂",stage="größer 小"')
    expect(gateway.process.stderr()).not.toContain('fault of Spillway')
  })
})
