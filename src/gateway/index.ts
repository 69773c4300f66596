/** The OpenAI-compatible gateway, for programs that put it behind a server of their own. */
export { guarded, type BreakerOptions, type BreakerState, type Guarded } from './breaker.ts'
export { hashOfKey, type ClientKey } from './client-keys.ts'
export { decisionLog, type DecisionLog, type DecisionLogOptions } from './decision-log.ts'
export { fetchHandler } from './fetch-handler.ts'
export { gatewayOf, type Gateway, type GatewayLimits, type GatewayOptions, type Offer } from './gateway.ts'
export type { GatewayRequest, GatewayResponse } from './http.ts'
export { drain, nodeServer, type NodeServerOptions } from './node-server.ts'
export type { ServedCascade, ServedModel, ServedStage } from './served.ts'
