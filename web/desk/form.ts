// What a form shows as wrong: its own checks for the fields that were touched or once sent, and the server's until the field changes.
import { computed, nextTick, reactive, ref, watch, type ComputedRef, type Ref } from 'vue'
import type { Act } from './act'
import { place } from './problems'

export interface Marks {
  touch: (field: string) => void
  /** Message to show at a field, if any. */
  wrong: (field: string) => string | undefined
  /** The server's objections to nothing that the form shows. */
  rest: ComputedRef<string[]>
  /** How many fields are wrong, once somebody has tried to send. */
  count: ComputedRef<number>
  tried: Ref<boolean>
  /** Marks everything and moves to the first wrong field; true if there is none. */
  ready: () => boolean
}

export function useMarks(act: Act, check: () => Record<string, string>, fields: () => readonly string[]): Marks {
  const touched = reactive(new Set<string>())
  const tried = ref(false)
  const server = ref<Record<string, string>>({})
  const own = computed(check)
  const placed = computed(() => place(act.problem.value, fields()))
  watch(placed, (p) => {
    server.value = { ...p.fields }
    if (Object.keys(p.fields).length) focus(p.fields)
  })

  function focus(wrongs: Record<string, string>): void {
    const first = fields().find((field) => wrongs[field])
    if (!first) return
    void nextTick(() => {
      const row = document.querySelector<HTMLElement>(`[data-field="${CSS.escape(first)}"]`)
      row?.scrollIntoView({ block: 'center' })
      row?.querySelector<HTMLElement>('input, textarea, [tabindex]')?.focus({ preventScroll: true })
    })
  }
  return {
    tried,
    touch(field) {
      touched.add(field)
      delete server.value[field]
    },
    wrong: (field) => server.value[field] ?? (tried.value || touched.has(field) ? own.value[field] : undefined),
    rest: computed(() => placed.value.rest),
    count: computed(() => (tried.value ? Object.keys(own.value).length : 0)),
    ready() {
      tried.value = true
      server.value = {}
      if (Object.keys(own.value).length === 0) return true
      focus(own.value)
      return false
    },
  }
}
