// One connection that says how far the ledgers stand, kept open. Runs in the worker that all windows share, or in the page where there is none.
export interface News {
  state: 'connecting' | 'live' | 'lost'
  position: number
  /** When that was told. */
  at: number
}

export interface Stream {
  /** Connects if it is not connected; anew if asked to. */
  open: (anew?: boolean) => void
  close: () => void
  now: News
}

/** The browser reconnects by itself, except after an answer that was no stream, for example to a session that has ended. */
export function liveStream(tell: (news: News) => void): Stream {
  let source: EventSource | undefined
  let later: ReturnType<typeof setTimeout> | undefined
  let wait = 2000
  const stream: Stream = { open, close, now: { state: 'connecting', position: 0, at: 0 } }

  function change(news: Partial<News>): void {
    stream.now = { ...stream.now, ...news }
    tell(stream.now)
  }

  function open(anew = false): void {
    if (anew) close()
    if (source) return
    clearTimeout(later)
    const opened = new EventSource('/api/v1/live')
    source = opened
    opened.addEventListener('open', () => {
      wait = 2000
      change({ state: 'live' })
    })
    opened.addEventListener('position', (event) => {
      const { position } = JSON.parse((event as MessageEvent<string>).data) as { position: number }
      change({ state: 'live', at: Date.now(), position: Math.max(position, stream.now.position) })
    })
    opened.addEventListener('error', () => {
      change({ state: 'lost' })
      if (opened.readyState !== EventSource.CLOSED) return
      source = undefined
      later = setTimeout(open, wait)
      wait = Math.min(wait * 2, 60_000)
    })
  }

  function close(): void {
    clearTimeout(later)
    source?.close()
    source = undefined
  }
  return stream
}
