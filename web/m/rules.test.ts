import { describe, expect, it } from 'vitest'
import { Refused, Unreachable } from '@lib/api'
import type { Problem } from '@lib/types'
import type { MediaRow, OutboxRow } from './database'
import { backoff, blocker, outcomeOf, reasonOf, sendable, standing, unsent } from './rules'

const row = (id: string, order: number, more: Partial<OutboxRow> = {}): OutboxRow => ({
  id, user: 'u', order, aggregate: `a-${id}`, needs: [], state: 'queued', title: id, queuedAt: 0, attempts: 0, nextAt: 0,
  command: { type: 'finding.report', aggregate: `a-${id}`, occurredAt: '2026-03-02T01:00:00Z', clock: { kind: 'device', uncertaintyMs: 2000 }, data: {} as never }, ...more,
})
const photo = (id: string, owner: string, more: Partial<MediaRow> = {}): MediaRow => ({
  id, user: 'u', owner, sha256: id, size: 10, mediaType: 'image/jpeg', name: '', caption: '', takenAt: '', state: 'held', sent: 0, attempts: 0, nextAt: 0, ...more,
})
const ids = (rows: OutboxRow[]): string[] => rows.map((r) => r.id)
const refused = (status: number, code: string, more: Partial<Problem> = {}, after?: number): Refused => new Refused(status, { status, code, title: '未能办理', ...more }, after)

describe('order', () => {
  const depart = row('depart', 1, { aggregate: 'p' })
  const track = row('track', 2, { aggregate: 'p', needs: ['depart'] })
  const report = row('report', 3, { needs: ['depart'] })
  const other = row('other', 4)
  const back = row('return', 5, { aggregate: 'p', needs: ['depart'] })
  const all = [back, other, report, track, depart]

  it('keeps the order inside an aggregate and behind what a row is built on; others go on', () => {
    expect(ids(sendable(all, 0))).toEqual(['depart', 'other'])
  })
  it('lets followers go once the first is accepted', () => {
    const rows = all.map((r) => (r.id === 'depart' ? { ...r, state: 'accepted' as const } : r))
    expect(ids(sendable(rows, 0))).toEqual(['track', 'report', 'other'])
  })
  it('holds followers behind a refusal, but not the rest of the queue', () => {
    const rows = all.map((r) => (r.id === 'depart' ? { ...r, state: 'rejected' as const } : r))
    expect(ids(sendable(rows, 0))).toEqual(['other'])
    expect(blocker(report, rows)?.id).toBe('depart')
  })
  it('holds only the same aggregate behind a refused track', () => {
    const rows = all.map((r) => (r.id === 'depart' ? { ...r, state: 'accepted' as const } : r.id === 'track' ? { ...r, state: 'rejected' as const } : r))
    expect(ids(sendable(rows, 0))).toEqual(['report', 'other'])
  })
  it('goes on past what was set aside or replaced', () => {
    for (const state of ['aside', 'replaced'] as const) {
      const rows = all.map((r) => (r.id === 'depart' ? { ...r, state: 'accepted' as const } : r.id === 'track' ? { ...r, state } : r))
      expect(ids(sendable(rows, 0))).toEqual(['report', 'other', 'return'])
    }
  })
  it('waits out a pause of one row without holding others', () => {
    expect(ids(sendable([row('a', 1, { nextAt: 500 }), row('b', 2)], 100))).toEqual(['b'])
    expect(ids(sendable([row('a', 1, { nextAt: 500 }), row('b', 2)], 500))).toEqual(['a', 'b'])
  })
  it('knows no order between the rows of different officers', () => {
    expect(blocker(row('b', 2, { aggregate: 'p' }), [row('a', 1, { aggregate: 'p', user: 'v' })])).toBeUndefined()
  })
})

describe('what a failure means', () => {
  it('is patience without an answer', () => {
    expect(outcomeOf(new Unreachable())).toEqual({ kind: 'wait', scope: 'all' })
    expect(outcomeOf(new TypeError('x'))).toEqual({ kind: 'wait', scope: 'all' })
  })
  it.each([[429, 'all'], [503, 'all'], [408, 'row'], [425, 'row'], [423, 'row'], [500, 'row'], [502, 'row']])('%i waits for %s', (status, scope) => {
    expect(outcomeOf(refused(status, 'x.y', {}, 3000))).toMatchObject({ kind: 'wait', scope, afterMs: 3000 })
  })
  it('tries a lost race again soon', () => expect(outcomeOf(refused(409, 'conflict.lost_race'))).toMatchObject({ kind: 'wait', scope: 'row', afterMs: 300 }))
  it.each([400, 403, 404, 409, 413, 422])('%i is a refusal', (status) => expect(outcomeOf(refused(status, 'x.y')).kind).toBe('rejected'))
  it('asks to sign in, also where the password must be changed first', () => {
    expect(outcomeOf(refused(401, 'auth.required')).kind).toBe('sign-in')
    expect(outcomeOf(refused(403, 'auth.change_password')).kind).toBe('sign-in')
  })
  it('never believes a refusal that is not the server\'s own', () => {
    for (const status of [400, 403, 404, 413, 422]) expect(outcomeOf(refused(status, 'response.foreign')).kind).toBe('wait')
  })
})

describe('backoff', () => {
  it('doubles to a minute and is never longer', () => {
    expect([1, 2, 3, 6, 7, 20].map((n) => backoff(n, 0))).toEqual([1000, 2000, 4000, 32_000, 60_000, 60_000])
    expect(backoff(7, 1)).toBe(45_000)
    expect(backoff(0, 0)).toBe(1000)
  })
})

describe('standing', () => {
  const none = new Set<string>()
  const now = Date.parse('2026-03-02T02:00:00Z')
  const accepted = row('a', 1, { state: 'accepted', acceptedAt: Date.parse('2026-03-02T01:32:00Z') })
  it('says what is where', () => {
    expect(standing(row('a', 1), [], [], none)).toMatchObject({ code: 'queued', text: '待上传', safe: '仅在本机' })
    expect(standing(row('a', 1), [], [], new Set(['a'])).text).toBe('上传中')
    expect(standing(row('b', 2, { needs: ['a'] }), [], [row('a', 1)], none).text).toBe('等待前一条')
    expect(standing(row('a', 1, { state: 'rejected' }), [], [], none).text).toBe('被退回')
    expect(standing(accepted, [photo('x', 'a'), photo('y', 'a', { state: 'verified' })], [], none, now).text).toBe('已登记，照片待补传 1 张')
    expect(standing(accepted, [photo('x', 'a'), photo('y', 'a', { state: 'verified' })], [], new Set(['x']), now).text).toBe('已登记，照片上传中 1/2')
    expect(standing(accepted, [photo('x', 'a', { state: 'rejected' })], [], none, now).text).toBe('已登记，照片 1 张被退回')
    expect(standing(accepted, [photo('x', 'a', { state: 'verified' })], [], none, now).text).toBe('已上传 09:32，校验一致')
    expect(standing(accepted, [], [], none, now).text).toBe('已上传 09:32')
  })
  it('counts as unsent whatever is on the phone only', () => {
    expect(unsent(row('a', 1), [])).toBe(true)
    expect(unsent(row('a', 1, { state: 'rejected' }), [])).toBe(true)
    expect(unsent(accepted, [photo('x', 'a')])).toBe(true)
    expect(unsent(accepted, [photo('x', 'a', { state: 'verified' })])).toBe(false)
    expect(unsent(row('a', 1, { state: 'aside' }), [])).toBe(false)
  })
  it('gives the reason with its article and the fields', () => {
    expect(reasonOf({ status: 422, code: 'x', title: '未能办理', detail: '请补充执法人员。', article: '《行政处罚法》第四十二条' })).toBe('请补充执法人员。（依据《行政处罚法》第四十二条）')
    expect(reasonOf({ status: 400, code: 'x', title: '内容有误', errors: [{ field: 'data.reach', code: 'required', message: '请选择河段。' }] })).toBe('内容有误 请选择河段。')
  })
})
