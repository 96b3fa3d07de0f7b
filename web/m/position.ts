// Where the phone is. One watch serves all pages; it runs only while somebody needs it, because it eats the battery.
import { reactive } from 'vue'
import { distanceM, fromDegrees, type Point } from '@lib/coordinates'

export interface Fix extends Point {
  accuracyM: number
  /** Milliseconds since the epoch, by this phone's clock. */
  at: number
}

export const position = reactive({
  /** off: nobody asked yet. */
  state: 'off' as 'off' | 'searching' | 'ok' | 'denied' | 'unavailable',
  fix: undefined as Fix | undefined,
})

type Listener = (fix: Fix) => void
const listeners = new Set<Listener>()
let users = 0
let watching: number | undefined

function start(): void {
  if (!('geolocation' in navigator)) { position.state = 'unavailable'; return }
  if (!position.fix || Date.now() - position.fix.at > staleMs) position.state = 'searching'
  watching = navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => {
      const now = Date.now()
      const fix: Fix = {
        ...fromDegrees(coords.latitude, coords.longitude), accuracyM: coords.accuracy,
        // Some receivers stamp with satellite time, some with an epoch of their own; a stamp far off is no stamp.
        at: Math.abs(now - timestamp) < 120_000 ? Math.min(timestamp, now) : now,
      }
      position.fix = fix
      position.state = 'ok'
      for (const listener of listeners) listener(fix)
    },
    (error) => {
      if (error.code === error.PERMISSION_DENIED) position.state = 'denied'
      else if (!position.fix || Date.now() - position.fix.at > staleMs) position.state = error.code === error.TIMEOUT ? 'searching' : 'unavailable'
    },
    { enableHighAccuracy: true, maximumAge: 0, timeout: 30_000 },
  )
}

/** Keeps the receiver on until the returned function is called. */
export function follow(listener?: Listener): () => void {
  if (listener) listeners.add(listener)
  if (users++ === 0) start()
  let done = false
  return () => {
    if (done) return
    done = true
    if (listener) listeners.delete(listener)
    if (--users === 0 && watching !== undefined) {
      navigator.geolocation.clearWatch(watching)
      watching = undefined
    }
  }
}

/** Tries again, for example after the permission was given in the settings. */
export function restart(): void {
  if (watching !== undefined) navigator.geolocation.clearWatch(watching)
  watching = undefined
  if (position.state !== 'ok') position.state = 'searching'
  start()
}

/** Whether the permission was given before, so that using the receiver asks nothing. */
export async function allowed(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: 'geolocation' })).state === 'granted'
  } catch {
    return false
  }
}

export const staleMs = 120_000
export const poorM = 50

export function freshFix(now: number = Date.now()): Fix | undefined {
  return position.fix && now - position.fix.at <= staleMs ? position.fix : undefined
}

export const trackRules = { stepM: 25, stillMs: 5 * 60_000, worstM: 50, batch: 25, most: 500 }

/** Whether a fix belongs into the track: good enough, and far or long enough after the last one. */
export function belongs(fix: Fix, last: { latE6: number; lonE6: number; at: string } | undefined, departedAt: string): boolean {
  if (fix.accuracyM > trackRules.worstM || fix.at < Date.parse(departedAt)) return false
  if (!last) return true
  const since = fix.at - Date.parse(last.at)
  return since > 0 && (since >= trackRules.stillMs || distanceM(fix, last) >= trackRules.stepM)
}
