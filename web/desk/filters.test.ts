import { describe, expect, it } from 'vitest'
import { caseShape, countFilters, filtersFrom, findingShape, lastOfMonth, nextSort, periods, queryOf, settle } from './filters'

describe('a ledger in its address', () => {
  it('comes back from the address as it went in', () => {
    const filters = { district: '320281', status: 'filed', from: '2026-01-01', to: '2026-03-31', q: '采砂 利港', sort: '-number' }
    const query = Object.fromEntries(new URLSearchParams(queryOf(filters, caseShape)))
    expect(filtersFrom(query, caseShape)).toEqual(filters)
  })
  it('leaves out what is empty and the usual order', () => {
    expect(queryOf({ district: '', q: '', sort: caseShape.order }, caseShape)).toEqual({})
  })
  it('drops what it does not know, a date that is none, and an order the server has not', () => {
    expect(filtersFrom({ nonsense: 'x', from: '2026-02-30x', to: '2026-13-01', sort: 'title', kind: 'sand.mining' }, findingShape)).toEqual({ kind: 'sand.mining', sort: '-foundAt' })
  })
  it('takes the first of a condition given twice', () => {
    expect(filtersFrom({ status: ['filed', 'closed'] }, caseShape).status).toBe('filed')
  })
  it('counts conditions, not the order', () => {
    expect(countFilters({ status: 'filed', q: '', sort: 'number' }, caseShape)).toBe(1)
  })
  it('drops a kind outside the group and a reach outside the district', () => {
    const district = (reach: string): string | undefined => ({ a: '320281', b: '320282' })[reach]
    expect(settle({ group: 'sand', kind: 'shoreline.dump', district: '320281', reach: 'b' }, district)).toEqual({ group: 'sand', kind: '', district: '320281', reach: '' })
    expect(settle({ group: 'sand', kind: 'sand.vessel', district: '320281', reach: 'a' }, district)).toMatchObject({ kind: 'sand.vessel', reach: 'a' })
    expect(settle({ district: '320281', reach: 'not read yet' }, district)).toMatchObject({ reach: 'not read yet' })
  })
})

describe('order by a column', () => {
  it('goes down first and then up', () => {
    expect(nextSort('-filedOn', 'number', caseShape.sorts)).toBe('-number')
    expect(nextSort('-number', 'number', caseShape.sorts)).toBe('number')
    expect(nextSort('number', 'number', caseShape.sorts)).toBe('-number')
  })
  it('leaves an order that the server has not', () => {
    expect(nextSort('-filedOn', 'title', caseShape.sorts)).toBe('-filedOn')
  })
})

describe('periods', () => {
  it('are named for the day they are asked on', () => {
    expect(periods('2026-03-02').map((p) => [p.name, p.period.from, p.period.to])).toEqual([
      ['本年', '2026-01-01', '2026-03-02'], ['本月', '2026-03-01', '2026-03-02'], ['去年', '2025-01-01', '2025-12-31'], ['2019年', '2019-01-01', '2019-12-31'],
    ])
  })
  it('know how long a month is', () => {
    expect([lastOfMonth('2026-02'), lastOfMonth('2028-02'), lastOfMonth('2026-12')]).toEqual(['2026-02-28', '2028-02-29', '2026-12-31'])
  })
})
