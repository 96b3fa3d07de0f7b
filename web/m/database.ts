// What the phone keeps. Nothing that the server has not confirmed is ever deleted here, and nothing is sent that is not kept
// here first.
import Dexie, { liveQuery, type Table } from 'dexie'
import { onScopeDispose, shallowRef, watch, type Ref, type WatchSource } from 'vue'
import type { Accepted, Command, CommandData, CommandType, FindingRow, Place, Problem } from '@lib/types'
import { uuidv7 } from '@lib/uuid'

/** A command on its way. Its content never changes once it is queued: the server knows it by id and hash of content. */
export interface OutboxRow {
  id: string
  /** Officer it belongs to. Rows of one officer are never sent under another's session. */
  user: string
  /** Place in the queue of this phone; a corrected command takes the place of the one it replaces. */
  order: number
  aggregate: string
  /** Commands that must be accepted before this one, besides the earlier ones on the same aggregate. */
  needs: string[]
  command: Command
  /** replaced: corrected by another row. aside: its owner decided not to send it; it stays readable. */
  state: 'queued' | 'accepted' | 'rejected' | 'replaced' | 'aside'
  title: string
  queuedAt: number
  attempts: number
  nextAt: number
  /** Why it was refused, or why the last attempt failed. */
  problem?: Problem
  accepted?: Accepted
  acceptedAt?: number
  replaces?: string
}

/** One piece of evidence. The original bytes stand in `bytes`, apart, so that lists need not load them. */
export interface MediaRow {
  id: string
  user: string
  /** Draft or command it belongs to. */
  owner: string
  sha256: string
  size: number
  mediaType: string
  name: string
  caption: string
  takenAt: string
  previous?: string
  /** Where the phone was when the picture came in; on the preview only, the report has its own place. */
  fix?: { latE6: number; lonE6: number; accuracyM: number }
  state: 'held' | 'verified' | 'rejected'
  sent: number
  attempts: number
  nextAt: number
  problem?: Problem
  verifiedAt?: number
}

export interface BytesRow {
  id: string
  original?: Blob
  /** Smaller copy with the watermark drawn on it. */
  preview?: Blob
}

/** Everything on the report form, as typed; checked only when it is submitted. */
export interface ReportForm {
  kind: string
  source: string
  patrol: string
  reach: string
  /** The officer chose the reach himself, so a better fix must not change it. */
  reachChosen: boolean
  place?: Omit<Place, 'note'> & { at: number }
  placeNote: string
  description: string
  vesselName: string
  mmsi: string
  vesselType: string
  vesselPapers: string
  persons: string
  areaM2: string
  lengthM: string
  volumeM3: string
  officers: string[]
  foundAt: string
  /** The time was typed, not read from the clock. */
  foundTyped: boolean
}

export interface DraftRow {
  id: string
  user: string
  /** The finding's id is made with the draft, so that pictures and report agree on it. */
  finding: string
  updatedAt: number
  form: ReportForm
  /** The refused command this draft corrects. */
  corrects?: string
}

export interface PatrolLocal {
  id: string
  user: string
  status: 'active' | 'returned'
  /** Started on another phone of the crew; this one neither departs nor records a track. */
  joined: boolean
  departedAt: string
  returnedAt?: string
  officers: string[]
  crew: string[]
  reaches: string[]
  means: string
  purpose: string
  /** The depart command that reports of this patrol wait for; none when joined. */
  depart?: string
  points: number
  distanceM: number
  last?: { latE6: number; lonE6: number; at: string }
}

export interface TrackRow {
  n?: number
  patrol: string
  latE6: number
  lonE6: number
  accuracyCm: number
  at: string
}

class FieldDatabase extends Dexie {
  commands!: Table<OutboxRow, string>
  media!: Table<MediaRow, string>
  bytes!: Table<BytesRow, string>
  drafts!: Table<DraftRow, string>
  patrols!: Table<PatrolLocal, string>
  track!: Table<TrackRow, number>
  own!: Table<{ user: string; id: string; foundAt: string; row: FindingRow }, [string, string]>
  kept!: Table<{ key: string; value: unknown; at: number }, string>

  constructor() {
    super('shuizheng-field')
    this.version(1).stores({
      commands: 'id, [user+order], [user+state], aggregate',
      media: 'id, owner, [user+state]',
      bytes: 'id',
      drafts: 'id, user',
      patrols: 'id, [user+status]',
      track: '++n, patrol',
      own: '[user+id], [user+foundAt]',
      kept: 'key',
    })
  }
}

export const db = new FieldDatabase()

/** A small value that outlives the page: settings, the signed-in officer, reference data. */
export async function recall<T>(key: string): Promise<T | undefined> {
  return (await db.kept.get(key))?.value as T | undefined
}

export async function keep(key: string, value: unknown): Promise<void> {
  // Reactive proxies cannot be stored; what is kept is plain data anyway.
  await db.kept.put({ key, value: value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown), at: Date.now() })
}

export interface Live<T> extends Ref<T> {
  /** False until the first answer: what is shown before it is not yet "nothing". */
  readonly ready: Ref<boolean>
}

/** Follows a query: the value changes when the tables do, in this tab or another, or when a source does. */
export function live<T>(query: () => Promise<T>, initial: T, sources: WatchSource[] = []): Live<T> {
  const value = shallowRef(initial) as Ref<T>
  const ready = shallowRef(false)
  let stop = (): void => undefined
  const start = (): void => {
    stop()
    const subscription = liveQuery(query).subscribe({
      next: (v) => { value.value = v; ready.value = true },
      error: (error: unknown) => { console.error('database', error); ready.value = true },
    })
    stop = () => subscription.unsubscribe()
  }
  start()
  if (sources.length) watch(sources, start)
  onScopeDispose(() => stop())
  return Object.assign(value, { ready })
}

export interface Queueing<T extends CommandType> {
  type: T
  aggregate: string
  data: CommandData[T]
  title: string
  occurredAt?: string
  clock?: Command['clock']
  needs?: string[]
  /** The refused row that this command corrects. */
  replaces?: string
}

/**
 * Puts a command into the outbox. To be called inside a transaction over `commands` and `kept`, together with whatever else
 * must be true at once (photos, the draft, the patrol), so that after a crash either all of it stands or none.
 */
export async function queue<T extends CommandType>(user: string, q: Queueing<T>, now: number, clock: Command['clock']): Promise<OutboxRow> {
  const device = (await recall<string>('device')) ?? uuidv7(now)
  const seq = ((await recall<number>('seq')) ?? 0) + 1
  const id = uuidv7(now)
  const old = q.replaces ? await db.commands.get(q.replaces) : undefined
  // Copied as JSON: what comes from a form is a reactive proxy, which cannot be stored, and what is stored must not change with the form.
  const command = JSON.parse(JSON.stringify({
    type: q.type, aggregate: q.aggregate, occurredAt: q.occurredAt ?? new Date(now).toISOString(), clock: q.clock ?? clock,
    device: { id: device, seq }, data: q.data, ...(old ? { causation: old.id } : {}),
  })) as Command
  const row: OutboxRow = {
    id, user, order: old?.order ?? seq, aggregate: q.aggregate, needs: [...(q.needs ?? old?.needs ?? [])], command,
    state: 'queued', title: q.title, queuedAt: now, attempts: 0, nextAt: 0, ...(old ? { replaces: old.id } : {}),
  }
  await db.kept.bulkPut([{ key: 'device', value: device, at: now }, { key: 'seq', value: seq, at: now }])
  await db.commands.add(row)
  if (old) {
    await db.commands.update(old.id, { state: 'replaced' })
    await db.commands.where('[user+state]').equals([user, 'queued']).modify((waiting) => {
      waiting.needs = waiting.needs.map((n) => (n === old.id ? id : n))
    })
  }
  return row
}
