import { existsSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { pages, root, textOf } from '../support/documentation.ts'

/** A page without its code, in which nothing is a link. */
const prose = (page: string): string =>
  textOf(page)
    .replaceAll(/^( *)(`{3,})[^]*?^\1\2$/gm, '')
    .replaceAll(/<!--[^]*?-->/g, '')

/** The anchors that GitHub gives a page's headings. */
function anchorsOf(page: string): Set<string> {
  const anchors = new Set<string>()
  for (const [, heading] of prose(page).matchAll(/^#{1,6} +(.+)$/gm)) {
    const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const slug = words.replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '').replaceAll(' ', '-')
    let anchor = slug
    for (let i = 1; anchors.has(anchor); i++) anchor = `${slug}-${i}`
    anchors.add(anchor)
  }
  return anchors
}

const links = pages.flatMap((page) =>
  [
    ...prose(page)
      .replaceAll(/`[^`\n]*`/g, '')
      .matchAll(/\]\(([^)\s#]*)(?:#([^)\s]*))?(?: "[^"]*")?\)/g),
  ].map(([link, path, anchor]) => ({ page, link, path, anchor })),
)
const inside = links.filter(({ path }) => !/^[a-z]+:/.test(path))
const targetOf = ({ page, path }: { page: string; path: string }) =>
  path === '' ? page : relative(root, join(root, dirname(page), path))

test('every link inside the documentation leads somewhere', () => {
  expect(inside.length).toBeGreaterThan(50)
  expect(inside.filter((link) => !existsSync(join(root, targetOf(link))))).toEqual([])
})

test('every anchor is a heading', () => {
  const broken = inside.filter((link) => {
    const target = targetOf(link)
    if (link.anchor === undefined || !existsSync(join(root, target))) return false
    return !target.endsWith('.md') || !anchorsOf(target).has(link.anchor)
  })
  expect(broken).toEqual([])
})

test('no link leads to a folder, of which a site has no page', () => {
  expect(
    inside.filter((link) => statSync(join(root, targetOf(link)), { throwIfNoEntry: false })?.isDirectory()),
  ).toEqual([])
})

test('every page of docs/ is on the map', () => {
  const mapped = new Set(inside.filter(({ page }) => page === 'docs/README.md').map(targetOf))
  const docs = pages.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md')
  expect(docs.filter((page) => !mapped.has(page))).toEqual([])
})

test('links to other sites are whole and encrypted', () => {
  const outside = links.filter(({ path }) => /^[a-z]+:/.test(path))
  expect(outside.filter(({ path }) => !/^https:\/\/[\w.-]+\.\w+(?:\/|$)/.test(path))).toEqual([])
})
