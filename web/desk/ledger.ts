// A ledger page: rows of one query, asked for page by page; its conditions are the address.
import type { Page } from '@lib/types'
import { computed, nextTick, onActivated, onDeactivated, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { onBeforeRouteLeave, useRoute, useRouter } from 'vue-router'
import { reaches } from './directory'
import { filtersFrom, nextSort, queryOf, sameFilters, settle, type Filters, type LedgerShape } from './filters'
import { live } from './live'
import { ask, newest } from './session'

export interface Ledger<Row> {
  filters: ShallowRef<Filters>
  rows: ShallowRef<Row[]>
  total: Ref<number | undefined>
  position: Ref<number>
  busy: Ref<boolean>
  more: Ref<boolean>
  error: ShallowRef<unknown>
  /** The server has something newer than what is shown. */
  stale: ComputedRef<boolean>
  scroller: Ref<HTMLElement | undefined>
  apply: (filters: Filters) => void
  sortBy: (column: string) => void
  /** Reads again as many rows as stand there. */
  refresh: () => Promise<void>
  next: () => Promise<void>
}

const pageSize = 50
const quietMs = 4000

export function useLedger<Row>(path: string, shape: LedgerShape): Ledger<Row> {
  const route = useRoute()
  const router = useRouter()
  const name = route.name
  const filters = shallowRef(filtersFrom(route.query, shape))
  const rows = shallowRef<Row[]>([])
  const total = ref<number>()
  const position = ref(0)
  const busy = ref(false)
  const cursor = ref('')
  const error = shallowRef<unknown>()
  const scroller = ref<HTMLElement>()
  let current: AbortController | undefined
  let shown = true
  let top = 0
  let readAt = 0
  let soon: ReturnType<typeof setTimeout> | undefined

  async function read(limit: number, from: string): Promise<void> {
    current?.abort()
    const mine = (current = new AbortController())
    busy.value = true
    try {
      const page = await ask<Page<Row>>(path, { query: { ...filters.value, limit, ...(from ? { cursor: from } : {}) }, signal: mine.signal })
      if (current !== mine) return
      rows.value = from ? [...rows.value, ...page.items] : page.items
      if (!from) {
        total.value = page.total
        position.value = page.position
        readAt = Date.now()
      }
      cursor.value = page.next ?? ''
      error.value = undefined
    } catch (failure) {
      if (current === mine) error.value = failure
    } finally {
      if (current === mine) busy.value = false
    }
  }

  const refresh = (): Promise<void> => read(Math.min(Math.max(rows.value.length, pageSize), 200), '')
  const first = async (): Promise<void> => {
    rows.value = []
    total.value = undefined
    await read(pageSize, '')
  }
  const stale = computed(() => position.value > 0 && live.position > position.value)

  // On the first page nothing can be lost by reading again, so that is done by itself, at most every few seconds.
  watch(stale, (is) => {
    clearTimeout(soon)
    if (is && shown) soon = setTimeout(catchUp, Math.max(0, readAt + quietMs - Date.now()))
  })
  function catchUp(): void {
    if (stale.value && shown && !busy.value && rows.value.length <= pageSize && !document.hidden && (scroller.value?.scrollTop ?? 0) < 200) void refresh()
  }

  watch(() => [route.name, route.query] as const, ([at, query]) => {
    if (at !== name) return
    const wanted = filtersFrom(query, shape)
    if (sameFilters(wanted, filters.value, shape)) return
    filters.value = wanted
    void first()
  })

  onDeactivated(() => { shown = false })
  onBeforeRouteLeave(() => { top = scroller.value?.scrollTop ?? 0 })
  onActivated(() => {
    shown = true
    if (top) void nextTick(() => scroller.value?.scrollTo(0, top))
    // Back from an act: what was just done must be seen, whether or not the news of it has come.
    if (stale.value || newest() > position.value) void refresh()
  })
  void first()

  return {
    filters, rows, total, position, busy, error, stale, scroller, refresh,
    more: computed(() => cursor.value !== ''),
    apply: (wanted) => void router.push({ query: queryOf(settle(wanted, (id) => reaches.value.find((r) => r.id === id)?.district), shape) }),
    sortBy: (column) => void router.push({ query: queryOf({ ...filters.value, sort: nextSort(filters.value.sort ?? shape.order, column, shape.sorts) }, shape) }),
    next: () => read(pageSize, cursor.value),
  }
}
