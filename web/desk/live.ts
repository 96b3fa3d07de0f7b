// The server's word that the ledgers have moved on. It says that something changed, not what: lists then ask again.
import { reactive } from 'vue'
import { liveStream, type News } from './live-stream'

export const live = reactive<News>({ state: 'connecting', position: 0, at: 0 })

let post: ((message: 'reopen' | 'bye') => void) | undefined

export function follow(): void {
  if (post) return
  addEventListener('offline', cut)
  addEventListener('online', reopen)
  addEventListener('pagehide', unfollow)
  addEventListener('pageshow', follow) // back from the history with everything as it was
  if (typeof SharedWorker === 'function') {
    const { port } = new SharedWorker(new URL('./live.worker.ts', import.meta.url), { type: 'module', name: 'live' })
    port.onmessage = ({ data }: MessageEvent<News>) => { Object.assign(live, data) }
    post = (message) => port.postMessage(message)
  } else {
    const stream = liveStream((news) => { Object.assign(live, news) })
    post = (message) => (message === 'reopen' ? stream.open(true) : stream.close())
    stream.open()
  }
}

/** Connects anew: the cable is back, or somebody has signed in again. */
export function reopen(): void {
  post?.('reopen')
}

// A cable pulled out leaves the stream open and silent; the browser knows at once, the stream only after a minute.
function cut(): void {
  live.state = 'lost'
}

export function unfollow(): void {
  removeEventListener('offline', cut)
  removeEventListener('online', reopen)
  post?.('bye')
  post = undefined
  live.state = 'connecting'
}
