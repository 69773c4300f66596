// node hono.mjs spillway.yaml   (npm install hono @hono/node-server spillway)
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { openGateway } from 'spillway/gateway'

const spillway = await openGateway(process.argv[2])
const app = new Hono()
app.get('/', (context) => context.text('an application of your own'))
app.all('/llm/*', (context) => spillway.fetch(context.req.raw, '/llm'))

const server = serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000), hostname: '127.0.0.1' }, ({ port }) =>
  console.log(`http://127.0.0.1:${port}/llm/v1`),
)
process.once('SIGTERM', () => {
  server.close()
  void spillway.close()
})
