// Keeps the app itself on the phone. The build fills in version and files; nothing under /api is ever touched.
const version = '064153ff472f'
const files = ["/m/assets/DiagPage-CUpkYkWv.js","/m/assets/DiagPage-kEF8eqTe.css","/m/assets/MinePage-DNgG6KwW.js","/m/assets/OutboxPage-BLAa0fFZ.css","/m/assets/OutboxPage-wwIcOnOS.js","/m/assets/PasswordPage-BuE7D5_9.js","/m/assets/PatrolPage-Bts7i2p_.css","/m/assets/PatrolPage-Cl_qVM1t.js","/m/assets/RecordPage-BxnfS_Wf.css","/m/assets/RecordPage-DKEQDpRU.js","/m/assets/RecordsPage-Dcm8R2U2.js","/m/assets/ReportPage-DvrjE_Qd.js","/m/assets/browser-DRpr4aLJ.js","/m/assets/coordinates-BRo_2KsE.js","/m/assets/function-call-D7tTgKRY.js","/m/assets/function-call-TVnKHCKx.js","/m/assets/image-preview-TghRfV6g.js","/m/assets/index-BeRsw0MO.css","/m/assets/index-tL1LvfLM.js","/m/assets/mount-component-BqhpI4Jk.js","/m/assets/runtime-core.esm-bundler-BSRsxtDr.js","/m/assets/style-ClA1KGIC.js","/m/assets/style-bJmVEWla.css","/m/icon-192.png","/m/icon-512.png","/m/icon.svg","/m/","/m/manifest.webmanifest"]
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
