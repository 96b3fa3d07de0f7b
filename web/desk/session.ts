// Who is signed in, and the one way from the pages to the server.
import { get as read, Refused, session, type CallOptions } from '@lib/api'
import type { CommandType, Me } from '@lib/types'
import { ref, shallowRef } from 'vue'

export const me = shallowRef<Me>()

/** The session ended while somebody was at work: a dialog asks for the password again, and whatever was under way then goes on. */
export const expired = ref(false)

let waiting: (() => void)[] = []

/** Position of the newest command this window gave. Queries ask for an answer at least as new, so that everyone sees what he just did. */
let written = 0

export function newest(): number {
  return written
}

export function wrote(position: number): void {
  written = Math.max(written, position)
}

export function may(type: CommandType): boolean {
  return me.value?.can.includes(type) ?? false
}

export function hasRole(...roles: string[]): boolean {
  return me.value?.roles.some((role) => roles.includes(role)) ?? false
}

/** Reads the session; false when nobody is signed in. */
export async function restore(): Promise<boolean> {
  try {
    me.value = await session.read()
    return true
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return false
    throw error
  }
}

export async function signIn(account: string, password: string): Promise<Me> {
  const signedIn = await session.open(account, password)
  const other = me.value !== undefined && me.value.officer !== signedIn.officer
  // What stands on the screen belongs to somebody else: start afresh rather than let it be sent under the new name.
  if (other) location.assign('/')
  me.value = signedIn
  expired.value = false
  const resume = waiting
  waiting = []
  if (!other) for (const go of resume) go()
  return signedIn
}

export async function signOut(): Promise<void> {
  try {
    await session.close()
  } finally {
    sessionStorage.clear() // drafts name parties
    location.assign('/sign-in')
  }
}

/** Runs a call, and if the session has ended, again after the person has signed in again. */
export async function withSession<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401 || !me.value) throw error
      expired.value = true
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }
}

/** A query through the session, at least as new as the last command of this window. */
export function ask<T>(path: string, options: CallOptions = {}): Promise<T> {
  return withSession(() => read<T>(path, written ? { waitFor: written, ...options } : options))
}
