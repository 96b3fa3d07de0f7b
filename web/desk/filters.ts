// A ledger's filters and order live in the address, so that a link shows somebody else the same list.
export type Filters = Record<string, string>

/** What the address may hold for one ledger. What is not listed here is dropped, never sent to the server. */
export interface LedgerShape {
  keys: readonly string[]
  dates?: readonly string[]
  sorts: readonly string[]
  order: string
}

type Query = Record<string, string | null | undefined | readonly (string | null)[]>

const isDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`))

function one(value: Query[string]): string {
  const first = typeof value === 'object' && value !== null ? value[0] : value
  return typeof first === 'string' ? first.trim() : ''
}

export function filtersFrom(query: Query, shape: LedgerShape): Filters {
  const filters: Filters = {}
  for (const key of shape.keys) {
    const value = one(query[key])
    if (value && (!shape.dates?.includes(key) || isDate(value))) filters[key] = value
  }
  const sort = one(query.sort)
  filters.sort = shape.sorts.includes(sort) ? sort : shape.order
  return filters
}

/** The address of a list: only what differs from the list as it first opens. */
export function queryOf(filters: Filters, shape: LedgerShape): Record<string, string> {
  const query: Record<string, string> = {}
  for (const key of shape.keys) if (filters[key]) query[key] = filters[key]
  if (filters.sort && filters.sort !== shape.order) query.sort = filters.sort
  return query
}

export function sameFilters(a: Filters, b: Filters, shape: LedgerShape): boolean {
  return JSON.stringify(queryOf(a, shape)) === JSON.stringify(queryOf(b, shape))
}

/** How many conditions are set; the order is none. */
export function countFilters(filters: Filters, shape: LedgerShape): number {
  return shape.keys.filter((key) => filters[key]).length
}

/** The next order when a column's head is pressed: the other direction if it is ordered by already, else downwards where there is such an order. */
export function nextSort(current: string, column: string, sorts: readonly string[]): string {
  const down = `-${column}`
  const wanted = current === down ? column : down
  return sorts.includes(wanted) ? wanted : sorts.includes(column) ? column : current
}

/** Drops what a wider condition has made impossible: a kind outside the chosen group, a reach outside the chosen district. */
export function settle(filters: Filters, districtOf: (reach: string) => string | undefined): Filters {
  const settled = { ...filters }
  if (settled.group && settled.kind && !settled.kind.startsWith(settled.group)) settled.kind = ''
  if (settled.district && settled.reach && (districtOf(settled.reach) ?? settled.district) !== settled.district) settled.reach = ''
  return settled
}

export const findingShape: LedgerShape = {
  keys: ['district', 'group', 'kind', 'status', 'reach', 'source', 'officer', 'from', 'to', 'q'],
  dates: ['from', 'to'], sorts: ['-foundAt', 'foundAt', '-recordedAt', 'recordedAt'], order: '-foundAt',
}
export const caseShape: LedgerShape = {
  keys: ['district', 'group', 'kind', 'status', 'violation', 'reach', 'handler', 'source', 'from', 'to', 'q'],
  dates: ['from', 'to'], sorts: ['-filedOn', 'filedOn', '-number', 'number', '-closedOn', 'closedOn'], order: '-filedOn',
}
export const patrolShape: LedgerShape = {
  keys: ['district', 'status', 'reach', 'officer', 'from', 'to'], dates: ['from', 'to'], sorts: ['-departedAt', 'departedAt'], order: '-departedAt',
}

// --- Periods

export interface Period {
  from: string
  to: string
}

/** The periods people ask for by name. */
export function periods(today: string): { name: string; period: Period }[] {
  const year = Number(today.slice(0, 4))
  const month = today.slice(0, 7)
  return [
    { name: '本年', period: { from: `${year}-01-01`, to: today } },
    { name: '本月', period: { from: `${month}-01`, to: today } },
    { name: '去年', period: { from: `${year - 1}-01-01`, to: `${year - 1}-12-31` } },
    { name: '2019年', period: { from: '2019-01-01', to: '2019-12-31' } }, // the year Jiangsu's Yangtze was closed to sand mining altogether
  ]
}

/** Last day of a month given as 2026-02. */
export function lastOfMonth(month: string): string {
  const [y = 0, m = 0] = month.split('-').map(Number)
  return new Date(Date.UTC(y, m, 0)).toISOString().slice(0, 10)
}
