import { describe, expect, it } from 'vitest'
import { instantOn } from './act'
import { readDate, readMoment } from './dates'
import { scaleBar, fit, segments } from './track'
import { clockText, lateness, linesOf, masked } from './words'

describe('an event in words', () => {
  it('shows every field of a filing, identity numbers masked', () => {
    const lines = linesOf({
      number: '澄水立〔2026〕1号', source: 'patrol', district: '320281',
      filing: { title: '王某案', parties: [{ kind: 'person', name: '王某', idNo: '320281190001010000', phone: '13800000000' }], graveHarm: false, unitHead: { name: '赵某', post: '大队长', opinion: '建议立案', approvedOn: '2026-03-02' } },
      ground: { kind: 'sand.vessel', discoveredOn: '2026-03-02' }, filedAt: '2026-03-03T03:00:00Z',
    })
    expect(lines.map((l) => l.label)).toEqual(['立案号', '来源', '板块', '立案审批表', '立案时的依据', '立案时间'])
    expect(lines[5]?.text).toBe('2026-03-03 11:00:00')
    expect(lines[3]?.lines?.[1]?.lines?.[0]?.text).toBe('王某，公民，证件 320281********0000，电话 138****0000')
    expect(lines[3]?.lines?.[3]).toEqual({ label: '执法机构负责人意见', text: '建议立案（大队长 赵某，2026-03-02）' })
  })
  it('tells the ground of closing from the ground of filing', () => {
    expect(linesOf({ ground: 'withdrawn' })[0]).toEqual({ label: '结案方式', text: '撤销立案' })
  })
  it('hides nothing it does not know', () => {
    expect(linesOf({ later: { a: 1 } })[0]).toEqual({ label: '其他（later）', text: '{"a":1}' })
  })
  it('has a word for every field of the catalogue', () => {
    const fields = [
      'source', 'kind', 'patrol', 'reach', 'place', 'description', 'vessel', 'persons', 'areaM2', 'lengthM', 'volumeM3', 'photos', 'crew', 'foundAt', 'result', 'note', 'verifiedAt', 'reason', 'approval', 'decidedAt',
      'case', 'organ', 'filing', 'ground', 'approvedAt', 'number', 'finding', 'district', 'filedAt', 'receiver', 'receipt', 'closedAt', 'reaches', 'means', 'purpose', 'departedAt', 'points', 'returnedAt', 'distanceM',
      'name', 'docCode', 'water', 'regime', 'latE6', 'lonE6', 'roles', 'certNo', 'from', 'until', 'series', 'serial', 'text', 'givenTo',
      'title', 'violation', 'summary', 'parties', 'conductEndedOn', 'graveHarm', 'handlers', 'conditions', 'unitHead', 'organHead', 'discoveredOn', 'filedOn',
    ]
    for (const field of fields) expect(linesOf({ [field]: 'x' })[0]?.label, field).not.toMatch(/^其他/)
  })
  it('masks short numbers too', () => {
    expect([masked('13800000000'), masked('E1234567'), masked('1234')]).toEqual(['138****0000', 'E12*4567', '**34'])
  })
  it('says how far a time can be trusted and how late it came', () => {
    expect(clockText({ kind: 'document', uncertaintyMs: 43_200_000 })).toBe('书面记载的日期，事后录入，误差 ±12 小时')
    expect([lateness('2026-03-02T01:00:00Z', '2026-03-02T01:00:30Z'), lateness('2026-03-02T01:00:00Z', '2026-03-02T08:00:00Z'), lateness('2026-03-02T01:00:00Z', '2026-03-06T01:00:00Z')]).toEqual(['', '晚 7 小时', '晚 4 天'])
  })
})

describe('dates as people type them', () => {
  it('are read', () => {
    for (const text of ['2026-03-02', '2026/3/2', '2026.3.2', '20260302', '2026年3月2日', '２０２６－０３－０２'.replace(/－/g, '-')]) expect(readDate(text), text).toBe('2026-03-02')
    for (const text of ['2026-02-30', '03/02/2026', '2026-13-01', '明天', '202603', '0002-03-01']) expect(readDate(text), text).toBeUndefined()
  })
  it('are read with the time', () => {
    for (const text of ['2026-03-02 09:05', '2026-3-2 9:05', '20260302 0905', '2026年3月2日 9时5分', '2026-03-02T09:05']) expect(readMoment(text), text).toBe('2026-03-02T09:05')
    for (const text of ['2026-03-02', '2026-03-02 25:00', '2026-03-02 9']) expect(readMoment(text), text).toBeUndefined()
  })
})

describe('the instant of a paper dated to a day', () => {
  const now = Date.parse('2026-03-05T08:00:00+08:00')
  const at = (date: string, notBefore?: string): string => new Date(instantOn(date, notBefore, now) + 8 * 3600_000).toISOString().slice(0, 19)
  it('is noon', () => expect(at('2026-03-03', '2026-03-02T01:00:00Z')).toBe('2026-03-03T12:00:00'))
  it('is not before what it is about', () => expect(at('2026-03-02', '2026-03-02T15:30:00Z')).toBe('2026-03-02T23:30:00'))
  it('is not in the future', () => expect(at('2026-03-05')).toBe('2026-03-05T08:00:00'))
  it('stays on its day', () => expect(at('2026-03-03', '2026-03-04T01:00:00Z')).toBe('2026-03-03T23:59:59'))
})

describe('a track', () => {
  const fix = (minute: number, lonE6: number) => ({ latE6: 31_930_000, lonE6, at: new Date(Date.UTC(2026, 2, 2, 0, minute)).toISOString() })
  it('is broken where nothing was recorded', () => {
    const { segments: s, gaps } = segments([fix(0, 120_260_000), fix(1, 120_261_000), fix(20, 120_262_000), fix(21, 120_300_000)])
    expect(s.map((one) => one.length)).toEqual([2, 1, 1])
    expect(gaps.map((g) => g.ms / 60_000)).toEqual([19, 1])
  })
  it('is drawn to scale, north up', () => {
    const frame = fit([{ latE6: 31_900_000, lonE6: 120_200_000 }, { latE6: 31_950_000, lonE6: 120_300_000 }], 420, 260)
    expect(frame.y({ latE6: 31_950_000, lonE6: 120_200_000 })).toBeLessThan(frame.y({ latE6: 31_900_000, lonE6: 120_200_000 }))
    expect(frame.x({ latE6: 31_900_000, lonE6: 120_300_000 })).toBeGreaterThan(frame.x({ latE6: 31_900_000, lonE6: 120_200_000 }))
    expect(scaleBar(frame).text).toBe('2 公里')
  })
})
