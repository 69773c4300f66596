import { describe, expect, test } from 'vitest'
import { embedJson } from '../../../src/report/html/embed-json.ts'
import { reportHtml } from '../../../src/report/html/report-html.ts'
import { figuresOfOutcomes } from '../../support/signal-figure.ts'

describe('embedded JSON', () => {
  test('holds no markup and no line separator, and reads back as it was', () => {
    const hostile = {
      a: '</script><script>alert(1)</script>',
      '<!--': '\u2028\u2029&amp;<img onerror=x>',
      n: [1, null],
    }
    const text = embedJson(hostile)
    expect(text).not.toMatch(/[<>&\u2028\u2029]/)
    expect(JSON.parse(text)).toEqual(hostile)
  })
})

describe('the page', () => {
  const figures = figuresOfOutcomes()
  const assets = { script: 'SCRIPT', style: 'STYLE', scriptHash: 'SHASH', styleHash: 'THASH' }
  const html = reportHtml(
    { figures: { ...figures, about: { ...figures.about, title: '<b>&</b>' } }, signal: 0, sources: {}, route: [] },
    assets,
  )

  test('allows its own script, style and fonts, and nothing else', () => {
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)!
    expect(policy.split('; ')).toEqual([
      `default-src 'none'`,
      `script-src 'sha256-SHASH'`,
      `style-src 'sha256-THASH'`,
      'font-src data:',
      `base-uri 'none'`,
      `form-action 'none'`,
    ])
  })

  test('has a title as text, and no address of anything outside', () => {
    expect(html).toContain('<title>&lt;b&gt;&amp;&lt;/b&gt;</title>')
    expect(html).not.toMatch(/\b(?:src|href)=/)
  })
})
