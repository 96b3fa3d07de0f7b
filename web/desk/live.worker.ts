// Shared by all windows of the app. Over HTTP/1.1 a browser opens six connections to a server in all; ten records in ten tabs, each
// with a stream of its own, would leave none to ask with.
import { liveStream } from './live-stream'

const ports = new Set<MessagePort>()
const stream = liveStream((news) => {
  for (const port of ports) port.postMessage(news)
})

;(self as unknown as { onconnect: (event: MessageEvent) => void }).onconnect = ({ ports: [port] }) => {
  if (!port) return
  ports.add(port)
  port.onmessage = ({ data }: MessageEvent<'reopen' | 'bye'>) => {
    if (data === 'reopen') stream.open(true)
    else ports.delete(port)
    if (ports.size === 0) stream.close()
  }
  port.postMessage(stream.now)
  stream.open()
}
