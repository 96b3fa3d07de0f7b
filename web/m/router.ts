import { createRouter, createWebHistory } from 'vue-router'
import { account } from './account'
import HomePage from './pages/HomePage.vue'
import LoginPage from './pages/LoginPage.vue'

// Only what stands on the first screen is in the first chunk. The rest follows as soon as that screen is up, not when it is
// asked for: by then there may be no network.
const pages = {
  password: () => import('./pages/PasswordPage.vue'),
  patrol: () => import('./pages/PatrolPage.vue'),
  report: () => import('./pages/ReportPage.vue'),
  outbox: () => import('./pages/OutboxPage.vue'),
  records: () => import('./pages/RecordsPage.vue'),
  record: () => import('./pages/RecordPage.vue'),
  mine: () => import('./pages/MinePage.vue'),
  diag: () => import('./pages/DiagPage.vue'),
}

export function fetchPages(): void {
  for (const page of Object.values(pages)) page().catch(() => undefined)
}

export const router = createRouter({
  history: createWebHistory('/m/'),
  routes: [
    { path: '/', name: 'home', component: HomePage, meta: { tabs: true } },
    { path: '/login', name: 'login', component: LoginPage, meta: { open: true } },
    { path: '/password', name: 'password', component: pages.password },
    { path: '/patrol', name: 'patrol', component: pages.patrol, meta: { tabs: true } },
    { path: '/report', name: 'report', component: pages.report, meta: { tabs: true } },
    { path: '/report/:draft', name: 'draft', component: pages.report },
    { path: '/outbox', name: 'outbox', component: pages.outbox, meta: { tabs: true } },
    { path: '/records', name: 'records', component: pages.records, meta: { tabs: true } },
    { path: '/records/:id', name: 'record', component: pages.record, meta: { tabs: true } },
    { path: '/mine', name: 'mine', component: pages.mine, meta: { tabs: true } },
    { path: '/diag', name: 'diag', component: pages.diag, meta: { open: true } },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

router.beforeEach((to) => {
  if (to.meta.open) return true
  if (!account.me) return { name: 'login', query: to.name === 'home' ? {} : { next: to.fullPath }, replace: true }
  if (account.me.mustChangePassword && to.name !== 'password') return { name: 'password', replace: true }
  return true
})

// A page that cannot be fetched: the program on the server is newer than this tab, or there is no network and no worker yet.
router.onError((_error, to) => {
  const before = Number(sessionStorage.getItem('fetched-again') ?? 0)
  if (!navigator.onLine || Date.now() - before < 15_000) return // once is a cure, twice would be a loop
  sessionStorage.setItem('fetched-again', String(Date.now()))
  location.assign(`/m${to.fullPath}`)
})
