/** The OpenAI-compatible gateway, for programs that put it behind a server of their own. */
export * from '../gateway/index.ts'
export type { OpenOffer } from './offer.ts'
export { openGateway, type OpenGateway, type OpenGatewayOptions } from './open-gateway.ts'
