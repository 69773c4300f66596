import { pageAssets } from '../../report/html/page-assets.ts'
import { liveHtml } from '../../report/live/live-html.ts'
import type { Page } from '../gateway.ts'
import type { Live } from './live.ts'
import { dashboardPages, type DashboardPage } from './pages.ts'
import { streamsOf } from './streams.ts'

/** The live page of a gateway, and the events that keep it up to date: for its option `pages`. */
export function dashboardOf(live: Live): Record<string, Page> {
  let page: Promise<DashboardPage> | undefined
  return dashboardPages(streamsOf(live), () => (page ??= pageAssets('live').then(liveHtml)))
}
