// Reading something for a page: what is shown while it is on its way, and when it does not come.
import { Unreachable } from '@lib/api'
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'

export interface Loading<T> {
  data: ShallowRef<T | undefined>
  error: ShallowRef<unknown>
  busy: Ref<boolean>
  reload: () => Promise<void>
}

/** Only the newest request counts: an older answer that comes late is dropped. */
export function useLoading<T>(read: (signal: AbortSignal) => Promise<T>): Loading<T> {
  const data = shallowRef<T>()
  const error = shallowRef<unknown>()
  const busy = ref(false)
  let current: AbortController | undefined
  async function reload(): Promise<void> {
    current?.abort()
    const mine = (current = new AbortController())
    busy.value = true
    try {
      const answer = await read(mine.signal)
      if (current !== mine) return
      data.value = answer
      error.value = undefined
    } catch (failure) {
      if (current !== mine) return
      error.value = failure ?? new Unreachable()
    } finally {
      if (current === mine) busy.value = false
    }
  }
  return { data, error, busy, reload }
}
