// Keeps the app itself on the phone. The build fills in version and files; nothing under /api is ever touched.
const version = 'c2c7c066feb4'
const files = ["/m/assets/DiagPage-Cd2kCs-o.js","/m/assets/DiagPage-Cg1Qyr4H.css","/m/assets/MinePage-Lfon3I5q.js","/m/assets/OutboxPage-CtIwqUGn.js","/m/assets/OutboxPage-jbxNyin_.css","/m/assets/PasswordPage-6hoWAhzk.js","/m/assets/PatrolPage-B_oZ44yF.css","/m/assets/PatrolPage-DomUpXax.js","/m/assets/RecordPage-DKC6UrVD.css","/m/assets/RecordPage-DmRdF1ZN.js","/m/assets/RecordsPage-BYO9ZMMq.js","/m/assets/ReportPage-BIf0IgyH.js","/m/assets/browser-DRpr4aLJ.js","/m/assets/capture-_X1_RM3D.js","/m/assets/coordinates-BRo_2KsE.js","/m/assets/image-preview-DgjL73GJ.js","/m/assets/index-BKasDyMT.js","/m/assets/index-DZ9eewcT.css","/m/assets/mount-component-C0u4B9VA.js","/m/assets/popup-VoItNF6F.css","/m/assets/runtime-core.esm-bundler-BSRsxtDr.js","/m/assets/style-BiIxIu2V.css","/m/assets/style-CR1GJ-2Y.js","/m/assets/style-Cyed7DC1.js","/m/assets/style-DKk6uXWx.js","/m/assets/style-KqrO77zA.js","/m/assets/style-bJmVEWla.css","/m/assets/style-m81iqr_F.css","/m/icon-192.png","/m/icon-512.png","/m/icon.svg","/m/","/m/manifest.webmanifest"]
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
