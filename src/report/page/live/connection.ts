import type { LiveState } from '../../live/state.ts'
import { merged } from './model/merge.ts'

export type Connection = 'connecting' | 'live' | 'reconnecting'

const EVENTS = '/dashboard/events'
/** Browsers try again by themselves where a connection breaks off, but not where it is refused. */
const AGAIN_MS = 3000

/** Listens to the gateway for as long as the page is open; a gateway that has started anew tells all of it anew. */
export function listen(onState: (state: LiveState) => void, onConnection: (connection: Connection) => void): void {
  let state: LiveState | undefined
  const take = (next: LiveState) => {
    state = next
    onState(next)
  }
  const open = () => {
    const source = new EventSource(EVENTS)
    source.addEventListener('open', () => onConnection('live'))
    source.addEventListener('state', ({ data }) => take(JSON.parse(String(data)) as LiveState))
    source.addEventListener('update', ({ data }) => {
      const update = JSON.parse(String(data)) as LiveState
      take(state === undefined ? update : merged(state, update))
    })
    source.addEventListener('error', () => {
      onConnection('reconnecting')
      if (source.readyState === EventSource.CLOSED) setTimeout(open, AGAIN_MS)
    })
  }
  open()
}
