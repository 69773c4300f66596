import { Command } from 'commander'
import { shownPath } from '../data/engines/paths.ts'
import type { DataFlags } from './options.ts'

/** What commands that compute anyway can also write a page of. */
export interface ReportFlag {
  report?: string
}

export const withReportFlag = (command: Command): Command =>
  command.option('--report <file>', 'also write a page to look at, one HTML file')

/** The words that make `spillway route` read the same data at the same costs; the shell's quotes are not among them. */
export function routeWords(
  files: readonly string[],
  { map = {}, signal = {}, group, join, cost = {}, models, verifyCost }: DataFlags = {},
): string[] {
  const { models: byName = {}, small, verify, large } = cost
  const costs = Object.entries({ small, verify, large, ...byName })
  const given = costs.filter(([, value]) => value !== undefined).map(([name, value]) => `${name}=${value}`)
  return [
    ...files.map(shownPath),
    ...Object.entries(map).flatMap(([field, column]) => ['--map', `${field}=${column}`]),
    ...Object.entries(signal).flatMap(([column, direction]) => ['--signal', `${column}:${direction}`]),
    ...(group === undefined ? [] : ['--group', group]),
    ...(join === undefined ? [] : ['--join', join]),
    ...(given.length === 0 ? [] : ['--cost', given.join(',')]),
    ...(models === undefined ? [] : ['--models', models.join(',')]),
    ...(verifyCost === undefined ? [] : ['--verify-cost', verifyCost]),
  ]
}
