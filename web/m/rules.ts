// The rules of the outbox, as pure functions: what may be sent now, what a failure means, how long to wait, and in which
// words a person is told. The engine in sender.ts only carries them out.
import { Refused } from '@lib/api'
import { formatNear } from '@lib/time'
import type { Problem } from '@lib/types'
import type { MediaRow, OutboxRow } from './database'

/** Whether a row no longer holds up those behind it. */
function settled(row: OutboxRow): boolean {
  return row.state === 'accepted' || row.state === 'replaced' || row.state === 'aside'
}

/** The row that must be settled first: an earlier one on the same aggregate, or one that this one is built on. */
export function blocker(row: OutboxRow, rows: readonly OutboxRow[]): OutboxRow | undefined {
  return rows.find((r) => r.id !== row.id && r.user === row.user && !settled(r) &&
    (row.needs.includes(r.id) || (r.aggregate === row.aggregate && r.order < row.order)))
}

/** What may be sent now, in the order of the queue. One stuck row holds up its own followers only. */
export function sendable(rows: readonly OutboxRow[], now: number): OutboxRow[] {
  return rows
    .filter((r) => r.state === 'queued' && r.nextAt <= now && !blocker(r, rows))
    .sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1))
}

export type Outcome =
  /** Nobody answered, or the answer was not ours: nothing else will fare better, so everything waits. */
  | { kind: 'wait'; scope: 'all' | 'row'; afterMs?: number; problem?: Problem }
  /** Not signed in, or as somebody else, or the password must be changed first. */
  | { kind: 'sign-in'; problem?: Problem }
  | { kind: 'rejected'; problem: Problem }

/** What a failed attempt means. A refusal is only believed when it is the server's own: a gateway's page must never reject evidence. */
export function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof Refused)) return { kind: 'wait', scope: 'all' }
  const { status, problem, retryAfterMs } = error
  const after = retryAfterMs === undefined ? {} : { afterMs: retryAfterMs }
  if (status === 401 || (status === 403 && problem.code.startsWith('auth.'))) return { kind: 'sign-in', problem }
  if (status === 429 || status === 503) return { kind: 'wait', scope: 'all', problem, ...after }
  if (problem.code === 'response.foreign') return { kind: 'wait', scope: 'all', problem, ...after }
  if (status === 408 || status === 423 || status === 425 || status >= 500) return { kind: 'wait', scope: 'row', problem, ...after }
  if (status === 409 && problem.code === 'conflict.lost_race') return { kind: 'wait', scope: 'row', problem, afterMs: 300 }
  return { kind: 'rejected', problem }
}

/** 1, 2, 4 … 60 seconds, each shortened by up to a quarter by chance, so that a fleet of phones does not knock in step. */
export function backoff(attempts: number, random: number = Math.random()): number {
  return Math.round(Math.min(60_000, 1000 * 2 ** Math.max(0, attempts - 1)) * (1 - random / 4))
}

export type Tone = 'plain' | 'wait' | 'busy' | 'good' | 'bad'

export interface Standing {
  code: 'draft' | 'queued' | 'sending' | 'registered' | 'done' | 'rejected' | 'blocked' | 'aside' | 'photo-rejected'
  text: string
  tone: Tone
  icon: string
  /** Where the content is safe. */
  safe: string
}

export const draftStanding: Standing = { code: 'draft', text: '草稿', tone: 'plain', icon: 'pencil', safe: '仅在本机' }

/** How a row stands, in the words that its owner reads. */
export function standing(row: OutboxRow, media: readonly MediaRow[], rows: readonly OutboxRow[], sending: ReadonlySet<string>, now: number = Date.now()): Standing {
  const local = '仅在本机'
  if (row.state === 'rejected') return { code: 'rejected', text: '被退回', tone: 'bad', icon: 'back', safe: local }
  if (row.state === 'aside' || row.state === 'replaced') {
    return { code: 'aside', text: row.state === 'aside' ? '已停止上传' : '已改正重报', tone: 'plain', icon: 'pause', safe: local }
  }
  if (row.state === 'queued') {
    if (sending.has(row.id)) return { code: 'sending', text: '上传中', tone: 'busy', icon: 'up', safe: local }
    if (blocker(row, rows)) return { code: 'blocked', text: '等待前一条', tone: 'wait', icon: 'clock', safe: local }
    return { code: 'queued', text: '待上传', tone: 'wait', icon: 'clock', safe: local }
  }
  const bad = media.filter((m) => m.state === 'rejected').length
  const open = media.filter((m) => m.state !== 'verified').length
  const at = formatNear(row.acceptedAt, now).replace('今天 ', '')
  if (bad) return { code: 'photo-rejected', text: `已登记，照片 ${bad} 张被退回`, tone: 'bad', icon: 'back', safe: '文字在服务器，照片在本机' }
  const busy = media.some((m) => sending.has(m.id))
  if (open && busy) return { code: 'sending', text: `已登记，照片上传中 ${media.length - open}/${media.length}`, tone: 'busy', icon: 'up', safe: '文字在服务器，照片在本机' }
  if (open) return { code: 'registered', text: `已登记，照片待补传 ${open} 张`, tone: 'wait', icon: 'photo', safe: '文字在服务器，照片在本机' }
  if (media.length) return { code: 'done', text: `已上传 ${at}，校验一致`, tone: 'good', icon: 'check', safe: '已在服务器' }
  return { code: 'done', text: `已上传 ${at}`, tone: 'good', icon: 'check', safe: '已在服务器' }
}

/** Whether anything of the row is on this phone only. */
export function unsent(row: OutboxRow, media: readonly MediaRow[]): boolean {
  if (row.state === 'queued' || row.state === 'rejected') return true
  return row.state === 'accepted' && media.some((m) => m.state !== 'verified')
}

/** What was refused, in one sentence, with the article it rests on. */
export function reasonOf(problem: Problem | undefined): string {
  if (!problem) return ''
  const text = problem.detail || problem.title
  const fields = (problem.errors ?? []).map((e) => e.message).filter((m) => m && !text.includes(m))
  const article = problem.article && !text.includes(problem.article) ? `（依据${problem.article}）` : ''
  return [text, ...fields].join(' ') + article
}
