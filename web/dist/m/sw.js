// Keeps the app itself on the phone. The build fills in version and files; nothing under /api is ever touched.
const version = '4b3e55b7c1d2'
const files = ["/m/assets/DiagPage-DuZ2FktR.js","/m/assets/DiagPage-kEF8eqTe.css","/m/assets/MinePage-BpSUoodW.js","/m/assets/OutboxPage-oXe6wtXG.css","/m/assets/OutboxPage-q2JvKLTV.js","/m/assets/PasswordPage-O-jzwk7c.js","/m/assets/PatrolPage-BQ46LChJ.js","/m/assets/PatrolPage-Bts7i2p_.css","/m/assets/RecordPage-BxnfS_Wf.css","/m/assets/RecordPage-DAeCBKWo.js","/m/assets/RecordsPage-6U6tjgdj.js","/m/assets/ReportPage-DYEYc7ml.js","/m/assets/browser-30TILjLV.js","/m/assets/coordinates-BRo_2KsE.js","/m/assets/function-call-DPnam3Ym.js","/m/assets/image-preview-CGAqnFxA.js","/m/assets/index-Ci-orFaV.css","/m/assets/index-CzBsZgHg.js","/m/assets/mount-component-BrUNkG53.js","/m/assets/rolldown-runtime-XKyaHtl9.js","/m/assets/runtime-core.esm-bundler-BSRsxtDr.js","/m/assets/style-DHafun3T.js","/m/assets/style-bJmVEWla.css","/m/assets/toast-1HinX_-4.js","/m/icon-192.png","/m/icon-512.png","/m/icon.svg","/m/","/m/manifest.webmanifest"]
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
