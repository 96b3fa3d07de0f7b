// A patrol as this phone lives it: depart, record the track while the screen is on, return.
import { reactive, watch } from 'vue'
import { distanceM } from '@lib/coordinates'
import { means, nameOf } from '@lib/labels'
import type { PatrolRow } from '@lib/types'
import { uuidv7 } from '@lib/uuid'
import { account, sender } from './account'
import { alone } from './sender'
import { connected, deviceClock } from './connection'
import { db, queue, type OutboxRow, type PatrolLocal } from './database'
import { belongs, follow, restart, trackRules, type Fix } from './position'

export const patrol = reactive({
  active: undefined as PatrolLocal | undefined,
  /** This tab records the track; another one may. */
  recording: false,
  awake: 'off' as 'off' | 'on' | 'unsupported',
})

export interface Departure {
  officers: string[]
  reaches: string[]
  means: string
  purpose: string
}

const titleOf = (d: Departure): string => {
  const first = account.reaches.find((r) => r.id === d.reaches[0])?.name ?? ''
  return `出巡（${nameOf(d.means, account.reference?.means, means)}） ${first}${d.reaches.length > 1 ? `等 ${d.reaches.length} 段` : ''}`
}

const crewNames = (ids: string[]): string[] => ids.map((id) => account.officers.find((o) => o.id === id)?.name ?? '').filter(Boolean)

export async function depart(d: Departure): Promise<void> {
  const user = account.me?.officer
  if (!user) return
  const now = Date.now()
  const id = uuidv7(now)
  const departedAt = new Date(now).toISOString()
  await db.transaction('rw', db.commands, db.kept, db.patrols, async () => {
    const row = await queue(user, {
      type: 'patrol.depart', aggregate: id, occurredAt: departedAt, title: titleOf(d),
      data: { officers: d.officers, reaches: d.reaches, means: d.means, ...(d.purpose.trim() ? { purpose: d.purpose.trim() } : {}) },
    }, now, deviceClock())
    await db.patrols.add({
      id, user, status: 'active', joined: false, departedAt, officers: [...d.officers], crew: crewNames(d.officers), reaches: [...d.reaches],
      means: d.means, purpose: d.purpose.trim(), depart: row.id, points: 0, distanceM: 0,
    })
  })
  await load()
  void sender.kick(true)
}

/** A refused departure, sent again with another crew, reaches or means. The patrol itself, and what was reported in it, stays. */
export async function correctDeparture(refused: OutboxRow, d: Departure): Promise<void> {
  const now = Date.now()
  await db.transaction('rw', db.commands, db.kept, db.patrols, async () => {
    const row = await queue(refused.user, {
      type: 'patrol.depart', aggregate: refused.aggregate, occurredAt: refused.command.occurredAt, clock: refused.command.clock, title: titleOf(d),
      data: { officers: d.officers, reaches: d.reaches, means: d.means, ...(d.purpose.trim() ? { purpose: d.purpose.trim() } : {}) }, replaces: refused.id,
    }, now, deviceClock())
    await db.patrols.update(refused.aggregate, { officers: [...d.officers], crew: crewNames(d.officers), reaches: [...d.reaches], means: d.means, purpose: d.purpose.trim(), depart: row.id })
  })
  await load()
  void sender.kick(true)
}

/** Works on in a patrol that a colleague of the crew started on his phone, so that reports belong to it. */
export async function join(row: PatrolRow): Promise<void> {
  const user = account.me?.officer
  if (!user) return
  await db.patrols.put({
    id: row.id, user, status: 'active', joined: true, departedAt: row.departedAt, crew: [...row.crew], means: row.means, purpose: row.purpose ?? '',
    officers: row.crew.map((name) => account.officers.find((o) => o.name === name)?.id ?? '').filter(Boolean),
    reaches: row.reaches.map((r) => r.id), points: row.points, distanceM: row.distanceM,
  })
  await load()
}

/** Leaves a joined patrol on this phone only; the patrol goes on. */
export async function leave(): Promise<void> {
  if (patrol.active) await db.patrols.update(patrol.active.id, { status: 'returned' })
  await load()
}

export async function end(note: string): Promise<void> {
  const running = patrol.active
  if (!running) return
  await db.transaction('rw', db.commands, db.kept, db.patrols, db.track, async () => {
    await flush(running.id, 1)
    const last = (await db.patrols.get(running.id))?.last
    // Never before the last fix of the track, whatever happened to the phone's clock in between.
    const now = Math.max(Date.now(), last ? Date.parse(last.at) : 0)
    const returnedAt = new Date(now).toISOString()
    await queue(running.user, {
      type: 'patrol.return', aggregate: running.id, occurredAt: returnedAt, title: '结束巡查', data: note.trim() ? { note: note.trim() } : {},
      ...(running.depart ? { needs: [running.depart] } : {}),
    }, Date.now(), deviceClock())
    await db.patrols.update(running.id, { status: 'returned', returnedAt })
  })
  await load()
  void sender.kick(true)
}

/** Turns kept fixes into commands once there are enough; to be called in a transaction over commands, kept, patrols and track. */
async function flush(id: string, least: number): Promise<void> {
  const local = await db.patrols.get(id)
  if (!local || local.joined) return
  for (;;) {
    const rows = await db.track.where('patrol').equals(id).limit(trackRules.most).sortBy('n')
    if (!rows.length || rows.length < least) return
    const points = rows.map(({ latE6, lonE6, accuracyCm, at }) => ({ latE6, lonE6, accuracyCm, at }))
    const now = Math.max(Date.now(), Date.parse(points[points.length - 1]!.at))
    await queue(local.user, {
      type: 'patrol.track', aggregate: id, occurredAt: new Date(now).toISOString(), title: `巡查轨迹 ${points.length} 个点`, data: { points },
      ...(local.depart ? { needs: [local.depart] } : {}),
    }, Date.now(), deviceClock())
    await db.track.bulkDelete(rows.map((r) => r.n!))
  }
}

async function record(fix: Fix): Promise<void> {
  const id = patrol.active?.id
  if (!id) return
  let sent = false
  await db.transaction('rw', db.commands, db.kept, db.patrols, db.track, async () => {
    const local = await db.patrols.get(id)
    if (!local || local.status !== 'active' || local.joined || !belongs(fix, local.last, local.departedAt)) return
    const at = new Date(fix.at).toISOString()
    const step = local.last ? distanceM(fix, local.last) : 0
    await db.track.add({ patrol: id, latE6: fix.latE6, lonE6: fix.lonE6, accuracyCm: Math.round(fix.accuracyM * 100), at })
    await db.patrols.update(id, { last: { latE6: fix.latE6, lonE6: fix.lonE6, at }, points: local.points + 1, distanceM: local.distanceM + step })
    const waiting = await db.track.where('patrol').equals(id).count()
    const oldest = await db.track.where('patrol').equals(id).first()
    const old = oldest && fix.at - Date.parse(oldest.at) >= trackRules.stillMs
    // Without a network the fixes gather, so that a day on the lake becomes few commands.
    if (waiting >= trackRules.most || (connected() && (waiting >= trackRules.batch || old))) {
      await flush(id, 1)
      sent = true
    }
  })
  const local = await db.patrols.get(id)
  if (local && patrol.active?.id === id) patrol.active = local
  if (sent) void sender.kick()
}

let release: (() => void) | undefined
let screenLock: WakeLockSentinel | undefined

async function keepAwake(): Promise<void> {
  if (!('wakeLock' in navigator)) { patrol.awake = 'unsupported'; return }
  if (!patrol.recording || document.visibilityState !== 'visible' || screenLock) return
  try {
    screenLock = await navigator.wakeLock.request('screen')
    patrol.awake = 'on'
    screenLock.addEventListener('release', () => { screenLock = undefined; patrol.awake = 'off' })
  } catch {
    patrol.awake = 'off' // low battery mode refuses it; the page says that the screen may go dark
  }
}

export async function load(): Promise<void> {
  const user = account.me?.officer
  patrol.active = user ? await db.patrols.where('[user+status]').equals([user, 'active']).first() : undefined
}

/** Records whenever there is a patrol of this phone's own, in one tab only. */
export function watchPatrol(): void {
  document.addEventListener('visibilitychange', () => void keepAwake())
  watch(() => account.me?.officer, () => void load(), { immediate: true })
  watch(() => (patrol.active && !patrol.active.joined ? patrol.active.id : ''), (id) => {
    release?.()
    release = undefined
    patrol.recording = false
    void screenLock?.release()
    if (!id) return
    let stop = (): void => undefined
    let ended = false
    release = () => { ended = true; stop() }
    void alone('track', () => new Promise<void>((done) => {
      if (ended) { done(); return }
      const unfollow = follow((fix) => void record(fix))
      restart() // a receiver that was on already may stay silent until the boat moves, and the track would begin late
      patrol.recording = true
      void keepAwake()
      stop = () => { unfollow(); done() }
    }))
  }, { immediate: true })
}
