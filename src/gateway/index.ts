/** The OpenAI-compatible gateway, for programs that put it behind a server of their own. */
export { guarded, type BreakerOptions, type BreakerState, type Guarded } from './breaker.ts'
export { hashOfKey, type ClientKey } from './client-keys.ts'
export { clickhouseLog, type ClickHouseLogOptions, type DecisionRow, type DecisionTable } from './clickhouse-log.ts'
export { decisionLog, type DecisionLog, type DecisionLogOptions } from './decision-log.ts'
export { fetchHandler } from './fetch-handler.ts'
export { gatewayOf, type Gateway, type GatewayLimits, type GatewayOptions, type Offer, type Page } from './gateway.ts'
export { metricsOf, type Gauges, type Metrics } from './metrics.ts'
export { statsOf, type Stats } from './stats.ts'
export { dashboardOf } from './live/dashboard.ts'
export { liveOf, type Live, type LiveOptions, type SignalDrift } from './live/live.ts'
export type {
  LiveDecision,
  Quantiles,
  LiveLatency,
  LivePoint,
  LiveSignal,
  LiveState,
  LiveUpstream,
  LiveWindow,
  WindowName,
} from '../report/live/state.ts'
export type { ComparedBin } from '../core/audit/bins.ts'
export type { Drift } from '../core/audit/drift.ts'
export type { Sums } from '../report/live/sums.ts'
export type { GatewayRequest, GatewayResponse } from './http.ts'
export { drain, nodeServer, type NodeServerOptions } from './node-server.ts'
export type { Api as GatewayApi } from './wire/request.ts'
export type { ServedCascade, ServedModel, ServedStage } from './served.ts'
