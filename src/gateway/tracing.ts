import type { Context, Span, Tracer } from '@opentelemetry/api'
import type { SpanExporter } from '@opentelemetry/sdk-trace'
import type { DecisionRecord } from '../cascade/record.ts'
import { SpillwayError } from '../core/errors.ts'
import { callAttributes, operationOf, requestAttributes } from './span-attributes.ts'

/** Tells an OpenTelemetry collector of requests. */
export interface Tracing {
  /** @param traceparent the header of that name, of the W3C: what the request is part of */
  add(record: DecisionRecord, traceparent?: string): void
  /** Sends what waits, and ends. */
  close(): Promise<void>
}

export interface TracingOptions {
  /** Where a collector takes traces by OTLP over HTTP, such as http://localhost:4318/v1/traces. */
  url: string
  headers?: Readonly<Record<string, string>>
  /** What the gateway is called there. */
  service: string
  /** The share of requests that are told of; those that are part of a trace follow it. */
  share: number
  /** Told of what keeps it from sending, once until it sends again. */
  onNotice: (text: string) => void
}

/** Further attempts included; a gateway that ends waits for no longer. */
const SEND_MS = 3000

/** The code of an export that worked. */
const EXPORTED = 0

type Api = typeof import('@opentelemetry/api')

/**
 * Spans by the conventions for generative AI: one for the request, and in it one for each call of a model. They are
 * made of the request's record once it is over, so that nothing is added to the path of a request.
 * @throws SpillwayError `usage` where a package is absent
 */
export async function tracingOf({ url, headers, service, share, onNotice }: TracingOptions): Promise<Tracing> {
  const { api, sdk, Exporter, resourceFromAttributes } = await loadPackages()
  const exporter = new Exporter({ url, headers: { ...headers }, timeoutMillis: SEND_MS })
  let failing = false
  const watched: SpanExporter = {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const failed = (result.code as number) !== EXPORTED
        if (failed && !failing)
          onNotice(`traces cannot be sent to ${url}: ${result.error?.message ?? 'no reason given'}`)
        failing = failed
        done(result)
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush(),
  }
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(share) }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter: watched })],
  })
  const tracer = provider.getTracer('spillway')
  return {
    add: (record, traceparent) => tell(api, tracer, record, parentOf(api, traceparent)),
    // What could not be sent has been said.
    close: () => provider.shutdown().catch(() => {}),
  }
}

async function loadPackages() {
  try {
    const [api, sdk, exporter, resources] = await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ])
    return {
      api,
      sdk,
      Exporter: exporter.OTLPTraceExporter,
      resourceFromAttributes: resources.resourceFromAttributes,
    }
  } catch (cause) {
    throw new SpillwayError(
      'usage',
      'traces need more packages: npm install @opentelemetry/api @opentelemetry/sdk-trace @opentelemetry/resources @opentelemetry/exporter-trace-otlp-http@0.223',
      { cause },
    )
  }
}

function parentOf(api: Api, traceparent: string | undefined): Context {
  const [, traceId, spanId, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? '') ?? []
  if (traceId === undefined || !api.isSpanContextValid({ traceId, spanId, traceFlags: 0 })) return api.ROOT_CONTEXT
  return api.trace.setSpanContext(api.ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & api.TraceFlags.SAMPLED,
    isRemote: true,
  })
}

function tell(api: Api, tracer: Tracer, record: DecisionRecord, parent: Context): void {
  const { cascade, calls, stage, latency_ms: ms, status } = record
  const start = Date.parse(record.time)
  const answering = calls.findLast((call) => call.stage === stage)
  const span = tracer.startSpan(
    `${operationOf(record)} ${cascade}`,
    { kind: api.SpanKind.SERVER, startTime: start, attributes: requestAttributes(record, answering) },
    parent,
  )
  // A client that left is no failure of the gateway's.
  if (record.error !== undefined && status >= 500) failed(api, span, status, record.error)
  const inside = api.trace.setSpan(parent, span)
  for (const call of calls) {
    const begins = start + call.start_ms
    const each = tracer.startSpan(
      `${operationOf(record)} ${call.model}`,
      { kind: api.SpanKind.CLIENT, startTime: begins, attributes: callAttributes(record, call) },
      inside,
    )
    if (call.result === 'failed') failed(api, each, call.error_status, call.error)
    each.end(begins + call.latency_ms)
  }
  span.end(start + ms)
}

function failed({ SpanStatusCode }: Api, span: Span, status: number | undefined, message: string | undefined): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message })
  span.setAttribute('error.type', status === undefined ? '_OTHER' : String(status))
}
