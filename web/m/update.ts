// Makes the app work without a network, and brings new versions in only when it does no harm.
import { reactive } from 'vue'

export const update = reactive({
  /** A new version is on the phone and waits. */
  waiting: undefined as ServiceWorker | undefined,
  /** The app can start without a network. */
  offlineReady: false,
  supported: 'serviceWorker' in navigator,
})

let asked = false

export async function registerWorker(): Promise<void> {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    update.offlineReady = true
    // The first worker takes over a page that is already right; and in the other tabs the person decides for himself.
    if (asked) location.reload()
  })
  try {
    const registration = await navigator.serviceWorker.register('/m/sw.js', { scope: '/m/' })
    update.offlineReady = Boolean(registration.active)
    update.waiting = registration.waiting ?? undefined
    registration.addEventListener('updatefound', () => {
      const fresh = registration.installing
      fresh?.addEventListener('statechange', () => {
        if (fresh.state === 'installed' && navigator.serviceWorker.controller) update.waiting = fresh
        if (fresh.state === 'activated') update.offlineReady = true
      })
    })
    let looked = Date.now()
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState !== 'visible' || Date.now() - looked < 30 * 60_000) return
      looked = Date.now()
      void registration.update().catch(() => undefined)
    })
  } catch {
    update.supported = false // private browsing, or a webview that forbids it: the app works, but only with a network
  }
}

/** To be called once the form on the screen, if any, is saved. */
export function takeOver(): void {
  asked = true
  update.waiting?.postMessage('take-over')
}

/** First letters of the version that the phone holds; empty when it holds none. */
export async function heldVersion(): Promise<string> {
  if (!('caches' in globalThis)) return ''
  const names = (await caches.keys()).filter((n) => n.startsWith('shuizheng-m-'))
  return names[0]?.slice('shuizheng-m-'.length) ?? ''
}
