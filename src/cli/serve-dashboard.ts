import type { Page } from '../gateway/gateway.ts'
import type { Live } from '../gateway/live/live.ts'
import { dashboardPages, type DashboardPage } from '../gateway/live/pages.ts'
import { streamsOf } from '../gateway/live/streams.ts'
import { liveHtml } from '../report/live/live-html.ts'
import { pageAssets } from './page-assets.ts'

/** The live page of a gateway. */
export function dashboardOf(live: Live): Record<string, Page> {
  let page: Promise<DashboardPage> | undefined
  return dashboardPages(streamsOf(live), () => (page ??= pageAssets('live').then(liveHtml)))
}
