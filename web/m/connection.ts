// Whether the server can be reached. The browser's own word (navigator.onLine) is only trusted when it says no.
import { reactive } from 'vue'
import { onContact, serverClockOffset } from '@lib/api'
import { keep, recall } from './database'

export const connection = reactive({
  online: navigator.onLine,
  /** The last request got no answer although the browser believes in a network. */
  silent: false,
  lastContact: 0,
  /** Milliseconds the server's clock is ahead of this phone's; undefined while never heard. */
  clockOffset: undefined as number | undefined,
})

export function connected(): boolean {
  return connection.online && !connection.silent
}

export function connectionText(): string {
  if (!connection.online) return '无网络'
  return connection.silent ? '连不上服务器' : '网络正常'
}

export async function watchConnection(): Promise<void> {
  addEventListener('online', () => { connection.online = true; connection.silent = false })
  addEventListener('offline', () => { connection.online = false })
  onContact((answered) => {
    connection.silent = !answered
    if (!answered) return
    connection.online = true
    connection.lastContact = Date.now()
    const offset = serverClockOffset()
    if (offset !== undefined && Math.abs(offset - (connection.clockOffset ?? Infinity)) > 1500) {
      connection.clockOffset = offset
      void keep('clockOffset', offset)
    }
  })
  connection.clockOffset = await recall<number>('clockOffset')
}

/** How far this phone's clock can be trusted, as the envelope of a command says it. */
export function deviceClock(): { kind: 'device'; uncertaintyMs: number } {
  const known = connection.clockOffset
  return { kind: 'device', uncertaintyMs: Math.min(86_400_000, known === undefined ? 60_000 : Math.max(2000, Math.abs(known) + 1000)) }
}
