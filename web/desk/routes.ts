import { Unreachable } from '@lib/api'
import { nextTick, shallowRef } from 'vue'
import { createRouter, createWebHistory } from 'vue-router'
import { needReference } from './directory'
import { hasRole, me, restore } from './session'

declare module 'vue-router' {
  interface RouteMeta {
    title: string
    /** Shown without the frame of the app. */
    bare?: boolean
    /** Ledgers stay as they were left: rows, place and all. */
    kept?: boolean
    roles?: string[]
  }
}

/** Why the app could not start; shown instead of any page. */
export const startError = shallowRef<unknown>()

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/sign-in', name: 'sign-in', component: () => import('./views/SignIn.vue'), meta: { title: '登录', bare: true } },
    { path: '/', name: 'home', component: () => import('./views/Home.vue'), meta: { title: '待办首页' } },
    { path: '/findings', name: 'findings', component: () => import('./views/Findings.vue'), meta: { title: '线索台账', kept: true } },
    { path: '/findings/new', name: 'finding-new', component: () => import('./views/FindingNew.vue'), meta: { title: '登记线索' } },
    { path: '/findings/:id', name: 'finding', component: () => import('./views/Finding.vue'), meta: { title: '线索' } },
    { path: '/findings/:id/file', name: 'filing', component: () => import('./views/Filing.vue'), meta: { title: '立案审批表' } },
    { path: '/cases', name: 'cases', component: () => import('./views/Cases.vue'), meta: { title: '案件台账', kept: true } },
    { path: '/cases/:id', name: 'case', component: () => import('./views/Case.vue'), meta: { title: '案件' } },
    { path: '/patrols', name: 'patrols', component: () => import('./views/Patrols.vue'), meta: { title: '巡查记录', kept: true } },
    { path: '/patrols/:id', name: 'patrol', component: () => import('./views/Patrol.vue'), meta: { title: '巡查' } },
    { path: '/statistics', name: 'statistics', component: () => import('./views/Statistics.vue'), meta: { title: '统计' } },
    { path: '/events/:id', name: 'event', component: () => import('./views/Event.vue'), meta: { title: '事件' } },
    { path: '/registry', name: 'registry', component: () => import('./views/Registry.vue'), meta: { title: '人员与河段', roles: ['admin'] } },
    { path: '/system', name: 'system', component: () => import('./views/System.vue'), meta: { title: '系统状态' } },
    { path: '/:rest(.*)*', name: 'nowhere', component: () => import('./views/Nowhere.vue'), meta: { title: '没有这个页面' } },
  ],
})

router.beforeEach(async (to) => {
  if (to.name === 'sign-in') return true
  if (!me.value) {
    try {
      if (!(await restore())) return { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
    } catch (error) {
      startError.value = error
      return false
    }
  }
  if (me.value?.mustChangePassword) return { name: 'sign-in', query: { next: to.fullPath } }
  if (to.meta.roles && !hasRole(...to.meta.roles)) return { name: 'nowhere', params: { rest: to.path.slice(1).split('/') } }
  try {
    await needReference() // every page names codes
  } catch (error) {
    startError.value = error
    return false
  }
  startError.value = undefined
  return true
})

router.afterEach((to, from, failure) => {
  if (failure) return
  moveError.value = undefined
  document.title = `${to.meta.title} · 水政执法`
  // A reader hears which page this is; the address alone changing says nothing.
  if (to.path !== from.path) void nextTick(() => document.querySelector<HTMLElement>('main h1')?.focus())
})

/** A page that could not be fetched, and where it was to lead. */
export const moveError = shallowRef<{ to: string; error: unknown }>()

// A page's code did not come. Either a new build has replaced the files that this window still names, then the new build is taken;
// or nobody answers, then the page stays as it is: leaving it would lose what is being written.
router.onError(async (error, to) => {
  if (!/dynamically imported module|importing a module script failed|error loading|preload/i.test(String(error))) throw error
  const answers = await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(5000) }).then(() => true, () => false)
  if (answers) location.assign(to.fullPath)
  else moveError.value = { to: to.fullPath, error: new Unreachable() }
})

/** Fetches the pages one is likely to open next while nothing else is going on, so that they open at once and through a short outage. */
export function fetchAhead(): void {
  const pages = ['findings', 'finding', 'cases', 'case', 'filing', 'patrols', 'patrol', 'event', 'finding-new']
  const next = (): void => {
    const name = pages.shift()
    const load = name && router.getRoutes().find((r) => r.name === name)?.components?.default
    if (typeof load === 'function') (load as () => Promise<unknown>)().then(() => setTimeout(next, 300), () => {})
    else if (name) next()
  }
  setTimeout(next, 2500)
}
