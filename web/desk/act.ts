// Giving one command from a form, so that neither a second click nor a lost answer can do the act twice.
import { give, Refused } from '@lib/api'
import { today } from '@lib/time'
import type { Accepted, Command, CommandData, CommandType, Problem } from '@lib/types'
import { uuidv7 } from '@lib/uuid'
import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { definite } from './problems'
import { withSession, wrote } from './session'

export interface Act {
  /** idle · sending · unknown: no answer came, only the same bytes may be sent again · refused: change something and send · done */
  state: Ref<'idle' | 'sending' | 'unknown' | 'refused' | 'done'>
  error: ShallowRef<unknown>
  problem: ComputedRef<Problem | undefined>
  accepted: ShallowRef<Accepted | undefined>
  /** While true the form must not be edited. */
  frozen: ComputedRef<boolean>
  send: <T extends CommandType>(build: () => Command<T>) => Promise<Accepted | undefined>
  keep: () => Kept
}

/** What survives a reload of the page: with it, the form goes on as the same act. */
export interface Kept {
  id: string
  pending?: Command
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const again = [1000, 2500, 5000]

/** Made once when a form opens; the command's id is made with it and never changes. */
export function useAct(kept?: Kept, onPending: () => void = () => {}): Act {
  const id = kept?.id ?? uuidv7()
  let pending: Command | undefined = kept?.pending
  const state = ref<Act['state']['value']>(pending ? 'unknown' : 'idle')
  const error = shallowRef<unknown>()
  const accepted = shallowRef<Accepted>()

  async function send<T extends CommandType>(build: () => Command<T>): Promise<Accepted | undefined> {
    if (state.value === 'sending' || state.value === 'done') return accepted.value
    const command = (pending ??= build() as Command)
    state.value = 'sending'
    error.value = undefined
    onPending()
    for (let attempt = 0; ; attempt++) {
      try {
        accepted.value = await withSession(() => give(id, command))
        pending = undefined
        wrote(accepted.value.position)
        state.value = 'done'
        onPending()
        return accepted.value
      } catch (failure) {
        if (definite(failure)) {
          // Refused, so nothing is in the log under this id, and a corrected content may carry it.
          pending = undefined
          error.value = failure
          state.value = 'refused'
          onPending()
          return undefined
        }
        const wait = again[attempt]
        if (wait === undefined) {
          error.value = failure
          state.value = 'unknown'
          return undefined
        }
        await pause(failure instanceof Refused ? Math.max(wait, Math.min(failure.retryAfterMs ?? 0, 10_000)) : wait)
      }
    }
  }
  return {
    state, error, accepted, send,
    problem: computed(() => (error.value instanceof Refused ? error.value.problem : undefined)),
    frozen: computed(() => state.value === 'sending' || state.value === 'unknown' || state.value === 'done'),
    keep: () => (pending ? { id, pending } : { id }),
  }
}

/** An act that happens at the desk now. */
export function actNow<T extends CommandType>(type: T, aggregate: string, data: CommandData[T]): Command<T> {
  return { type, aggregate, occurredAt: stamp(Date.now()), clock: { kind: 'device', uncertaintyMs: 2000 }, data }
}

/**
 * An act dated to a day. Today's happens now. An earlier one is entered from a signed paper, and the hour is not on it: noon, or what is
 * nearest to noon that the day and the facts allow.
 */
export function actOn<T extends CommandType>(type: T, aggregate: string, date: string, notBefore: string | undefined, data: CommandData[T]): Command<T> {
  if (date === today()) return actNow(type, aggregate, data)
  return { type, aggregate, occurredAt: stamp(instantOn(date, notBefore)), clock: { kind: 'document', uncertaintyMs: 12 * 3600_000 }, data }
}

export function instantOn(date: string, notBefore: string | undefined, now: number = Date.now()): number {
  const noon = Date.parse(`${date}T12:00:00+08:00`)
  const least = notBefore ? Date.parse(notBefore) : -Infinity
  const latest = date === today(now) ? now : Date.parse(`${date}T23:59:59+08:00`)
  return Math.max(Math.min(noon, latest), Math.min(least, latest))
}

function stamp(ms: number): string {
  return new Date(ms).toISOString() // to the millisecond: rounding down could put an act before the finding it is about
}
