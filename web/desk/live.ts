// The server's word that the ledgers have moved on. It says that something changed, not what: lists then ask again.
import { reactive } from 'vue'

export const live = reactive({
  state: 'connecting' as 'connecting' | 'live' | 'lost',
  /** Newest log position that the ledgers stand at; 0 while unknown. */
  position: 0,
  /** When that was told. */
  at: 0,
})

let source: EventSource | undefined
let again: ReturnType<typeof setTimeout> | undefined
let wait = 2000

/** Opens the stream and keeps it open. The browser reconnects by itself, except after an answer that was no stream. */
export function follow(): void {
  if (source) return
  clearTimeout(again)
  addEventListener('offline', cut) // the same listener is added once only
  addEventListener('online', back)
  const opened = new EventSource('/api/v1/live')
  source = opened
  opened.addEventListener('open', () => {
    live.state = 'live'
    wait = 2000
  })
  opened.addEventListener('position', (event) => {
    const { position } = JSON.parse((event as MessageEvent<string>).data) as { position: number }
    live.state = 'live'
    live.at = Date.now()
    if (position > live.position) live.position = position
  })
  opened.addEventListener('error', () => {
    live.state = 'lost'
    if (opened.readyState !== EventSource.CLOSED) return
    source = undefined
    again = setTimeout(follow, wait)
    wait = Math.min(wait * 2, 60_000)
  })
}

// A cable pulled out leaves the stream open and silent; the browser knows at once, the stream only after a minute.
function cut(): void {
  live.state = 'lost'
}

function back(): void {
  source?.close()
  source = undefined
  clearTimeout(again)
  follow()
}

export function unfollow(): void {
  removeEventListener('offline', cut)
  removeEventListener('online', back)
  clearTimeout(again)
  source?.close()
  source = undefined
  live.state = 'connecting'
}
