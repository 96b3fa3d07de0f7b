// The state of the statistics page, as its address holds it, and what a figure opens to.
import type { Measure, StatisticsAnswer } from '@lib/types'
import { lastOfMonth, type Period } from './filters'

export const dimensions = [
  { code: 'district', name: '板块' }, { code: 'reach', name: '河段' }, { code: 'kind', name: '类型' }, { code: 'month', name: '月' }, { code: 'day', name: '日' },
]

export interface Figures extends Period {
  measures: string[]
  by: string[]
  /** The measure that the chart draws. */
  draw: string
  district: string
  kind: string
  reach: string
  /** An opened figure: its measure and the values of the dimensions, in their order. */
  open?: { measure: string; key: string[] }
}

type Query = Record<string, unknown>

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const isDate = (value: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(value)

export const usual = ['findings', 'findingsNotFiled', 'casesFiled', 'casesClosed']

export function figuresFrom(query: Query, known: readonly Measure[], year: Period): Figures {
  const codes = known.map((m) => m.code)
  const measures = text(query.m).split(',').filter((code) => codes.includes(code))
  const by = [...new Set(text(query.by).split(',').filter((code) => dimensions.some((d) => d.code === code)))].slice(0, 2)
  const chosen = measures.length ? measures : usual.filter((code) => codes.includes(code))
  const draw = text(query.draw)
  const opened = text(query.open).split('|')
  const figures: Figures = {
    measures: chosen, by: by.length ? by : ['district'], draw: chosen.includes(draw) ? draw : (chosen[0] ?? ''),
    from: isDate(text(query.from)) ? text(query.from) : year.from, to: isDate(text(query.to)) ? text(query.to) : year.to,
    district: text(query.district), kind: text(query.kind), reach: text(query.reach),
  }
  if (opened[0] && codes.includes(opened[0])) figures.open = { measure: opened[0], key: opened.slice(1) }
  return figures
}

/** Dates always stand in the address: 「本年」 in a link must not mean another year later. */
export function figuresQuery(f: Figures): Record<string, string> {
  const query: Record<string, string> = { from: f.from, to: f.to, by: f.by.join(','), m: f.measures.join(',') }
  if (f.draw !== f.measures[0]) query.draw = f.draw
  for (const name of ['district', 'kind', 'reach'] as const) if (f[name]) query[name] = f[name]
  if (f.open) query.open = [f.open.measure, ...f.open.key].join('|')
  return query
}

/** What to ask for the entries of one figure: the page's own conditions, narrowed by the key. An empty key is a total. */
export function entriesQuery(f: Figures, measure: string, key: readonly string[]): Record<string, string> {
  const query: Record<string, string> = { measure, from: f.from, to: f.to }
  for (const name of ['district', 'kind', 'reach'] as const) if (f[name]) query[name] = f[name]
  key.forEach((value, n) => {
    const dimension = f.by[n]
    if (!dimension) return
    if (dimension === 'month' || dimension === 'day') {
      const from = dimension === 'month' ? `${value}-01` : value
      const to = dimension === 'month' ? lastOfMonth(value) : value
      if (from > query.from!) query.from = from
      if (to < query.to!) query.to = to
    } else {
      query[dimension] = value
    }
  })
  return query
}

/** The rows of one dimension with those added that have nothing: a month without a case is a figure too, and it is nought. */
export function complete(answer: StatisticsAnswer, f: Figures, all: { district: readonly string[]; kind: readonly string[] }, today: string): StatisticsAnswer['rows'] {
  const [dimension] = f.by
  if (f.by.length !== 1 || !dimension) return answer.rows
  const wanted =
    dimension === 'district' ? (f.district ? [f.district] : all.district)
    : dimension === 'kind' ? (f.kind ? [f.kind] : all.kind)
    : dimension === 'month' ? months(f.from, f.to < today ? f.to : today) : []
  if (wanted.length === 0) return answer.rows
  const found = new Map(answer.rows.map((row) => [row.key[dimension] ?? '', row]))
  const rows = wanted.map((value) => found.get(value) ?? { key: { [dimension]: value }, values: {} })
  return [...rows, ...answer.rows.filter((row) => !wanted.includes(row.key[dimension] ?? ''))]
}

function months(from: string, to: string): string[] {
  const list: string[] = []
  for (let [y = 0, m = 0] = from.split('-').map(Number); list.length < 120; [y, m] = m === 12 ? [y + 1, 1] : [y, m + 1]) {
    const month = `${y}-${String(m).padStart(2, '0')}`
    if (month > to.slice(0, 7)) break
    list.push(month)
  }
  return list
}

/**
 * What the entries of a figure must not have, where its key is empty: a patrol of several reaches counts under none. An address cannot
 * ask for "none", so such entries are picked out here.
 */
export function emptyDimensions(f: Figures, key: readonly string[]): ('reach' | 'kind')[] {
  return (['reach', 'kind'] as const).filter((dimension) => key[f.by.indexOf(dimension)] === '')
}

export function keyOf(row: StatisticsAnswer['rows'][number], by: readonly string[]): string[] {
  return by.map((dimension) => row.key[dimension] ?? '')
}

const metres = (measure: Measure | undefined): boolean => measure?.unit === '米' || measure?.unit === 'm'

/** Metres are shown as kilometres: that is how the reports ask for them. */
export function figureText(value: number, measure: Measure | undefined): string {
  return metres(measure) ? (value / 1000).toLocaleString('zh-CN', { minimumFractionDigits: 1, maximumFractionDigits: 1 }) : value.toLocaleString('zh-CN')
}

export function unitText(measure: Measure | undefined): string {
  return metres(measure) ? '公里' : (measure?.unit ?? '')
}
