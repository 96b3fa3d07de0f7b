// A report from the first tap to what the office made of it: draft, check, submission, and the list of one's own.
import { get } from '@lib/api'
import { distanceM, type Point } from '@lib/coordinates'
import { isSand, kinds, nameOf } from '@lib/labels'
import { withOffset } from '@lib/time'
import type { CommandData, Evidence, FindingRow, Page, Reach } from '@lib/types'
import { uuidv7 } from '@lib/uuid'
import { account, certifiedOn, sender } from './account'
import { deviceClock } from './connection'
import { db, keep, queue, recall, type DraftRow, type MediaRow, type OutboxRow, type PatrolLocal, type ReportForm } from './database'

export function emptyForm(kind: string, active: PatrolLocal | undefined, me: string): ReportForm {
  return {
    kind, source: active ? 'patrol' : '', patrol: active?.id ?? '', reach: '', reachChosen: false, placeNote: '', description: '',
    vesselName: '', mmsi: '', vesselType: '', vesselPapers: 'unknown', persons: '', areaM2: '', lengthM: '', volumeM3: '',
    officers: active ? [...active.officers] : [me], foundAt: new Date().toISOString(), foundTyped: false,
  }
}

export async function newDraft(kind: string, active: PatrolLocal | undefined): Promise<DraftRow> {
  const me = account.me!.officer
  const now = Date.now()
  const draft: DraftRow = { id: uuidv7(now), user: me, finding: uuidv7(now), updatedAt: now, form: emptyForm(kind, active, me) }
  await db.drafts.add(draft)
  return draft
}

/** A refused report becomes a draft again; its photos come along. The refused row stays until the correction is submitted. */
export async function correct(row: OutboxRow): Promise<DraftRow> {
  const existing = await db.drafts.where('user').equals(row.user).and((d) => d.corrects === row.id).first()
  if (existing) return existing
  const data = row.command.data as CommandData['finding.report']
  const text = (n: number | undefined): string => (n === undefined ? '' : String(n))
  const { note, ...place } = data.place
  const draft: DraftRow = {
    id: uuidv7(), user: row.user, finding: row.aggregate, updatedAt: Date.now(), corrects: row.id,
    form: {
      kind: data.kind, source: data.source, patrol: data.patrol ?? '', reach: data.reach, reachChosen: true, place: { ...place, at: Date.parse(row.command.occurredAt) },
      placeNote: note ?? '', description: data.description, vesselName: data.vessel?.name ?? '', mmsi: data.vessel?.mmsi ?? '', vesselType: data.vessel?.type ?? '',
      vesselPapers: data.vessel?.papers ?? 'unknown', persons: text(data.persons), areaM2: text(data.areaM2), lengthM: text(data.lengthM), volumeM3: text(data.volumeM3),
      officers: [...data.officers], foundAt: row.command.occurredAt, foundTyped: row.command.clock.kind === 'document',
    },
  }
  await db.transaction('rw', db.drafts, db.media, async () => {
    await db.drafts.add(draft)
    await db.media.where('owner').equals(row.id).modify({ owner: draft.id })
  })
  return draft
}

/** Gives a draft up. What it corrected gets its photos back; photos of a draft never submitted go with it. */
export async function discard(draft: DraftRow): Promise<void> {
  await db.transaction('rw', db.drafts, db.media, db.bytes, async () => {
    const media = db.media.where('owner').equals(draft.id)
    if (draft.corrects) await media.modify({ owner: draft.corrects })
    else {
      const ids = await media.primaryKeys()
      await db.media.bulkDelete(ids)
      await db.bytes.bulkDelete(ids)
    }
    await db.drafts.delete(draft.id)
  })
}

export function untouched(form: ReportForm, photos: number): boolean {
  return photos === 0 && !form.description.trim() && !form.vesselName.trim() && !form.placeNote.trim() && !form.areaM2 && !form.lengthM && !form.volumeM3 && !form.persons
}

/** What is missing or wrong, by field, in words that say what to do. */
export function check(form: ReportForm, photos: readonly MediaRow[]): Partial<Record<'source' | 'place' | 'reach' | 'description' | 'vesselType' | 'mmsi' | 'numbers' | 'officers' | 'photos' | 'foundAt', string>> {
  const errors: ReturnType<typeof check> = {}
  if (!form.source) errors.source = '请选择线索来源。'
  if (!form.place) errors.place = '请先定位，或输入坐标、使用河段位置。'
  if (!form.reach) errors.reach = '请选择河段。'
  if (!form.description.trim()) errors.description = '请写明发现的情况，可点上方短语。'
  if (isSand(form.kind) && !form.vesselType && (form.kind === 'sand.vessel' || form.vesselName.trim() || form.mmsi.trim())) errors.vesselType = '请选择船舶类型。'
  if (isSand(form.kind) && form.mmsi.trim() && !/^\d{9}$/.test(form.mmsi.trim())) errors.mmsi = 'MMSI 是 9 位数字，请核对；不清楚可留空。'
  for (const [value, most, name] of [[form.persons, 1000, '人数'], [form.areaM2, 1e9, '面积'], [form.lengthM, 1e6, '长度'], [form.volumeM3, 1e9, '方量']] as const) {
    if (value.trim() && !(/^\d+$/.test(value.trim()) && Number(value) <= most)) errors.numbers = `${name}请填整数，不清楚可留空。`
  }
  if (!form.officers.length) errors.officers = '请选择执法人员。'
  else if (form.source === 'patrol') {
    const chosen = form.officers.map((id) => account.officers.find((o) => o.id === id)).filter((o) => o !== undefined)
    const lapsed = chosen.find((o) => !certifiedOn(o, withOffset(form.foundAt).slice(0, 10)))
    if (form.officers.length < 2) errors.officers = '巡查发现的线索须有两名以上执法人员，请补选。'
    else if (lapsed) errors.officers = `${lapsed.name}当日没有有效的执法证，请更换人员。`
  }
  if (photos.length > 30) errors.photos = '照片最多 30 张，请删去多余的。'
  if (!(Date.parse(form.foundAt) <= Date.now() + 60_000)) errors.foundAt = '发现时间不能晚于现在。'
  return errors
}

function content(form: ReportForm, photos: readonly MediaRow[]): CommandData['finding.report'] {
  const { at: _at, ...place } = form.place!
  const number = (text: string): number | undefined => (text.trim() && Number(text) > 0 ? Number(text) : undefined)
  const data: CommandData['finding.report'] = {
    source: form.source, kind: form.kind, reach: form.reach, description: form.description.trim(), officers: [...form.officers],
    place: { ...place, ...(form.placeNote.trim() ? { note: form.placeNote.trim() } : {}) },
    photos: photos.map((m): Evidence => ({
      id: m.id, sha256: m.sha256, size: m.size, mediaType: m.mediaType, takenAt: m.takenAt,
      ...(m.caption.trim() ? { caption: m.caption.trim() } : {}), ...(m.previous ? { previous: m.previous } : {}),
    })),
  }
  if (form.source === 'patrol') data.patrol = form.patrol
  if (isSand(form.kind)) {
    if (form.vesselType) {
      data.vessel = {
        type: form.vesselType, papers: form.vesselPapers || 'unknown',
        ...(form.vesselName.trim() ? { name: form.vesselName.trim() } : {}), ...(form.mmsi.trim() ? { mmsi: form.mmsi.trim() } : {}),
      }
    }
    const [persons, volume] = [number(form.persons), number(form.volumeM3)]
    if (persons) data.persons = persons
    if (volume) data.volumeM3 = volume
  } else {
    const [area, length, volume] = [number(form.areaM2), number(form.lengthM), number(form.volumeM3)]
    if (area) data.areaM2 = area
    if (length) data.lengthM = length
    if (volume) data.volumeM3 = volume
  }
  return data
}

/** Moves a checked draft into the outbox: command, photos and the draft's end in one transaction, before anything is sent. */
export async function submit(draft: DraftRow, form: ReportForm, photos: readonly MediaRow[]): Promise<OutboxRow> {
  const reach = account.reaches.find((r) => r.id === form.reach)
  const local = form.patrol ? await db.patrols.get(form.patrol) : undefined
  const row = await db.transaction('rw', db.commands, db.kept, db.media, db.drafts, async () => {
    const queued = await queue(draft.user, {
      type: 'finding.report', aggregate: draft.finding, occurredAt: form.foundAt, data: content(form, photos),
      clock: form.foundTyped ? { kind: 'document', uncertaintyMs: 600_000 } : deviceClock(),
      title: `${nameOf(form.kind, account.reference?.kinds, kinds)} · ${reach?.name ?? ''}`,
      needs: local?.depart && form.source === 'patrol' ? [local.depart] : [],
      ...(draft.corrects ? { replaces: draft.corrects } : {}),
    }, Date.now(), deviceClock())
    await db.media.where('owner').equals(draft.id).modify((m) => {
      m.owner = queued.id
      // A photo the server refused under the old report gets a new chance; one it holds already stays verified.
      if (m.state === 'rejected') { m.state = 'held'; m.attempts = 0; m.nextAt = 0; delete m.problem }
    })
    await db.drafts.delete(draft.id)
    const name = form.vesselName.trim()
    if (isSand(form.kind) && name) {
      const names = (await recall<string[]>(`vessels:${draft.user}`)) ?? []
      await keep(`vessels:${draft.user}`, [name, ...names.filter((n) => n !== name)].slice(0, 8))
    }
    return queued
  })
  void sender.kick(true)
  return row
}

/** Reaches, nearest first where a place is known; those of the patrol come before others equally near. */
export function nearest(reaches: readonly Reach[], at: Point | undefined): { reach: Reach; metres?: number }[] {
  if (!at) return reaches.map((reach) => ({ reach }))
  return reaches.map((reach) => ({ reach, metres: distanceM(at, reach) })).sort((a, b) => a.metres - b.metres)
}

/** Fetches what the server knows of the officer's own reports and keeps it for the time without a network. */
export async function readOwn(waitFor?: number): Promise<void> {
  const user = account.me?.officer
  if (!user) return
  const page = await get<Page<FindingRow>>('/findings', { query: { officer: 'me', limit: 100, sort: '-foundAt' }, ...(waitFor ? { waitFor } : {}) })
  await db.transaction('rw', db.own, async () => {
    await db.own.where('[user+id]').between([user, ''], [user, '\uffff']).delete()
    await db.own.bulkPut(page.items.map((row) => ({ user, id: row.id, foundAt: row.foundAt, row })))
  })
  await keep(`ownAt:${user}`, Date.now())
}

export interface OwnReport {
  id: string
  foundAt: string
  kind: string
  reachName: string
  description: string
  local?: OutboxRow
  media: MediaRow[]
  server?: FindingRow
}

/** What is only on this phone and what the server has, as one list; the server's word about its own part counts. */
export async function ownReports(user: string, most: number): Promise<OwnReport[]> {
  const rows = (await db.commands.where('[user+state]').anyOf([[user, 'queued'], [user, 'rejected'], [user, 'accepted'], [user, 'aside']]).toArray())
    .filter((r) => r.command.type === 'finding.report')
  const media = await db.media.where('owner').anyOf(rows.map((r) => r.id)).toArray()
  const byId = new Map<string, OwnReport>()
  for (const local of rows) {
    const data = local.command.data as CommandData['finding.report']
    byId.set(local.aggregate, {
      id: local.aggregate, foundAt: local.command.occurredAt, kind: data.kind, reachName: local.title.split(' · ')[1] ?? '', description: data.description,
      local, media: media.filter((m) => m.owner === local.id),
    })
  }
  for (const { row } of await db.own.where('[user+id]').between([user, ''], [user, '\uffff']).toArray()) {
    const local = byId.get(row.id)
    byId.set(row.id, { media: [], ...local, id: row.id, foundAt: row.foundAt, kind: row.kind, reachName: row.reach.name, description: row.description, server: row })
  }
  return [...byId.values()].sort((a, b) => Date.parse(b.foundAt) - Date.parse(a.foundAt)).slice(0, most)
}

const keptMs = 7 * 24 * 3600_000

/** Makes room: what the server has confirmed stays readable here for a week, then goes. Nothing else is ever removed. */
export async function tidy(now: number = Date.now()): Promise<void> {
  const done = await db.commands.filter((r) => r.state === 'accepted' && (r.acceptedAt ?? now) < now - keptMs).toArray()
  for (const row of done) {
    await db.transaction('rw', db.commands, db.media, db.bytes, async () => {
      const media = await db.media.where('owner').equals(row.id).toArray()
      if (media.some((m) => m.state !== 'verified' || (m.verifiedAt ?? now) > now - keptMs)) return
      await db.media.bulkDelete(media.map((m) => m.id))
      await db.bytes.bulkDelete(media.map((m) => m.id))
      await db.commands.delete(row.id)
    })
  }
}

