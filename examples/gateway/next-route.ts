// app/llm/[...path]/route.ts of an application with Next.js: clients ask https://…/llm/v1.
import { openGateway } from 'spillway/gateway'

export const runtime = 'nodejs'

const spillway = openGateway(process.env.SPILLWAY_CONFIG ?? 'spillway.yaml')
const answer = async (request: Request): Promise<Response> => (await spillway).fetch(request, '/llm')

export { answer as GET, answer as POST }
