// Keeps the app itself on the phone. The build fills in version and files; nothing under /api is ever touched.
const version = '__VERSION__'
const files = __FILES__
const cache = 'shuizheng-m-' + version

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(cache).then((c) => c.addAll(files.map((file) => new Request(file, { cache: 'no-cache' })))))
})
self.addEventListener('activate', (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((n) => n.startsWith('shuizheng-m-') && n !== cache).map((n) => caches.delete(n))))
    .then(() => self.clients.claim()))
})
// A new version waits until its user says so: it must not swap the program under a half-filled form.
self.addEventListener('message', (event) => { if (event.data === 'take-over') self.skipWaiting() })
self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url)
  if (event.request.method !== 'GET' || origin !== location.origin || !pathname.startsWith('/m/')) return
  const file = event.request.mode === 'navigate' ? '/m/' : pathname
  if (!files.includes(file)) return
  event.respondWith(caches.open(cache).then((c) => c.match(file)).then((hit) => hit || fetch(event.request)))
})
