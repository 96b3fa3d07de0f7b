import { describe, expect, it } from 'vitest'
import { complete, entriesQuery, figuresFrom, figuresQuery, figureText, keyOf, unitText } from './figures'

const measures = [
  { code: 'patrols', name: '巡查次数', unit: '次' }, { code: 'patrolDistance', name: '巡查里程', unit: '米' }, { code: 'findings', name: '发现线索', unit: '件' },
  { code: 'findingsNotFiled', name: '不予立案', unit: '件' }, { code: 'casesFiled', name: '立案', unit: '件' }, { code: 'casesClosed', name: '结案', unit: '件' },
]
const year = { from: '2026-01-01', to: '2026-11-24' }

describe('a table of figures in its address', () => {
  it('comes back as it went in, opened figure and all', () => {
    const f = figuresFrom({ by: 'district,month', m: 'findings,patrols', draw: 'patrols', from: '2025-01-01', to: '2025-12-31', kind: 'sand.mining', open: 'findings|320281|2025-03' }, measures, year)
    expect(f).toEqual({ measures: ['findings', 'patrols'], by: ['district', 'month'], draw: 'patrols', from: '2025-01-01', to: '2025-12-31', district: '', kind: 'sand.mining', reach: '', open: { measure: 'findings', key: ['320281', '2025-03'] } })
    expect(figuresFrom(figuresQuery(f), measures, year)).toEqual(f)
  })
  it('opens with the usual measures of this year by district, and writes the dates down', () => {
    const f = figuresFrom({ m: 'nonsense', by: 'moon' }, measures, year)
    expect(f).toMatchObject({ measures: ['findings', 'findingsNotFiled', 'casesFiled', 'casesClosed'], by: ['district'], ...year })
    expect(figuresQuery(f)).toMatchObject(year)
  })
})

describe('what a figure opens to', () => {
  const f = figuresFrom({ by: 'district,month', m: 'findings', from: '2026-01-15', to: '2026-03-10', kind: 'sand.mining' }, measures, year)
  it('is the conditions of the page narrowed by its key', () => {
    expect(entriesQuery(f, 'findings', ['320281', '2026-02'])).toEqual({ measure: 'findings', from: '2026-02-01', to: '2026-02-28', kind: 'sand.mining', district: '320281' })
  })
  it('never reaches beyond the dates of the page', () => {
    expect(entriesQuery(f, 'findings', ['320281', '2026-01'])).toMatchObject({ from: '2026-01-15', to: '2026-01-31' })
    expect(entriesQuery(f, 'findings', ['320281', '2026-03'])).toMatchObject({ from: '2026-03-01', to: '2026-03-10' })
  })
  it('of a total is the whole page', () => {
    expect(entriesQuery(f, 'findings', [])).toEqual({ measure: 'findings', from: '2026-01-15', to: '2026-03-10', kind: 'sand.mining' })
  })
})

describe('rows', () => {
  it('show nought where nothing happened, up to today only', () => {
    const f = figuresFrom({ by: 'month', from: '2025-12-01', to: '2026-12-31' }, measures, year)
    const rows = complete({ rows: [{ key: { month: '2026-01' }, values: { findings: 3 } }], totals: {}, position: 1 }, f, { district: [], kind: [] }, '2026-02-10')
    expect(rows.map((r) => [r.key.month, r.values.findings ?? 0])).toEqual([['2025-12', 0], ['2026-01', 3], ['2026-02', 0]])
  })
  it('keep what was not expected', () => {
    const f = figuresFrom({ by: 'district' }, measures, year)
    const rows = complete({ rows: [{ key: { district: '329999' }, values: {} }], totals: {}, position: 1 }, f, { district: ['320281'], kind: [] }, '2026-02-10')
    expect(rows.map((r) => keyOf(r, f.by))).toEqual([['320281'], ['329999']])
  })
})

describe('figures', () => {
  it('give distances in kilometres', () => {
    expect([figureText(18350, measures[1]), unitText(measures[1]), figureText(1234, measures[2]), unitText(measures[2])]).toEqual(['18.4', '公里', '1,234', '件'])
  })
})
