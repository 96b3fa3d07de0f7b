// Who works with this phone, and the reference data he needs without a network.
import { computed, reactive } from 'vue'
import { all, evidenceStored, get, give, Refused, session, Unreachable } from '@lib/api'
import { choices } from '@lib/labels'
import { today } from '@lib/time'
import type { Me, Officer, Reach, Reference } from '@lib/types'
import { connection, watchConnection } from './connection'
import { db, keep, recall } from './database'
import { unsent } from './rules'
import { Sender } from './sender'
import { upload } from './upload'

export const account = reactive({
  ready: false,
  /** The browser refuses the database, as in private browsing: nothing could be kept, so nothing is offered. */
  noStorage: false,
  me: undefined as Me | undefined,
  /** The server no longer knows the session. Work goes on locally; only sending waits. */
  expired: false,
  sunlight: false,
  reference: undefined as Reference | undefined,
  reaches: [] as Reach[],
  officers: [] as Officer[],
  referenceAt: 0,
})

export const lists = computed(() => choices(account.reference))

export function may(command: string): boolean {
  return account.me?.can.includes(command) ?? false
}

export function certifiedOn(officer: Pick<Officer, 'certNo' | 'certFrom' | 'certUntil'>, date: string = today()): boolean {
  return Boolean(officer.certNo && officer.certFrom && officer.certUntil && officer.certFrom <= date && date <= officer.certUntil)
}

/** The officer who signed in on this phone, as all its tabs see it. */
const current = (): Promise<string | undefined> => recall<string>('user')

export const sender = new Sender({
  whoAmI: async () => {
    const me = await session.read()
    await adopt(me)
    return me.officer
  },
  give, stored: evidenceStored, upload,
}, current)

/** A sign-out that is being made up for; a sign-in must not be overtaken by it. */
let owed: Promise<void> | undefined

export async function open(): Promise<void> {
  await watchConnection()
  account.sunlight = (await recall<boolean>('sunlight')) ?? false
  const user = await current()
  if (user) {
    account.me = await recall<Me>(`me:${user}`)
    await recallReference()
  }
  account.ready = true
  if (await recall<boolean>('signOutOwed')) owed = session.close().then(() => keep('signOutOwed', false), () => undefined)
  if (!account.me) return
  void refresh()
}

/** Asks the server who this is and fetches what may have changed; to be called whenever there may be a network again. */
export async function refresh(): Promise<void> {
  if (!account.me || !connection.online) return
  try {
    const me = await session.read()
    if (me.officer === account.me.officer) {
      account.expired = false
      if (sender.status.stop === 'sign-in' || sender.status.stop === 'other-user') sender.resume() // signed in again in another tab
      await adopt(me)
    }
  } catch (error) {
    if (error instanceof Refused && error.status === 401) account.expired = true
    return
  }
  if (account.me.mustChangePassword) return
  await sender.kick(true)
  if (Date.now() - account.referenceAt > 10 * 60_000) await readReference().catch(() => undefined)
}

async function adopt(me: Me): Promise<void> {
  if (me.officer !== account.me?.officer) return // somebody else's session in another tab; the sender refuses to use it
  account.me = me
  await keep(`me:${me.officer}`, me)
}

export async function readReference(): Promise<void> {
  const me = account.me
  if (!me) return
  const query = me.district === '320200' ? {} : { district: me.district }
  const [reference, reaches, officers] = await Promise.all([
    get<Reference>('/reference'), all<Reach>('/reaches', { query }), all<Officer>('/officers', { query }),
  ])
  account.reference = reference
  account.reaches = reaches
  account.officers = officers
  account.referenceAt = Date.now()
  await keep(`reference:${me.officer}`, { reference, reaches, officers, at: account.referenceAt })
}

async function recallReference(): Promise<void> {
  const kept = await recall<{ reference: Reference; reaches: Reach[]; officers: Officer[]; at: number }>(`reference:${account.me?.officer ?? ''}`)
  account.reference = kept?.reference
  account.reaches = kept?.reaches ?? []
  account.officers = kept?.officers ?? []
  account.referenceAt = kept?.at ?? 0
}

export async function signIn(name: string, password: string): Promise<Me> {
  const before = await current()
  await keep('user', undefined) // between the new cookie and the new name no tab may send anything
  let me: Me
  try {
    await owed
    me = await session.open(name.trim(), password)
  } catch (error) {
    await keep('user', before)
    throw error
  }
  await db.kept.bulkPut([
    { key: `me:${me.officer}`, value: JSON.parse(JSON.stringify(me)), at: Date.now() }, { key: 'user', value: me.officer, at: Date.now() },
    { key: 'signOutOwed', value: false, at: Date.now() },
  ])
  account.me = me
  account.expired = false
  sender.resume()
  await recallReference()
  if (!me.mustChangePassword) {
    void sender.kick()
    void readReference().catch(() => undefined)
  }
  return me
}

export async function changePassword(old: string, next: string): Promise<void> {
  await session.changePassword(old, next)
  if (account.me) await adopt({ ...account.me, mustChangePassword: false })
  sender.resume()
  void refresh()
}

/** How many records of the signed-in officer are not safe on the server yet. */
export async function countUnsent(user: string): Promise<number> {
  const rows = await db.commands.where('[user+state]').anyOf([[user, 'queued'], [user, 'rejected'], [user, 'accepted']]).toArray()
  const media = await db.media.where('[user+state]').anyOf([[user, 'held'], [user, 'rejected']]).toArray()
  return rows.filter((r) => unsent(r, media.filter((m) => m.owner === r.id))).length
}

/** Ends the work of this officer on this phone. His records stay; they are sent when he signs in again. */
export async function signOut(): Promise<void> {
  await keep('user', undefined)
  account.me = undefined
  account.expired = false
  account.reaches = []
  account.officers = []
  account.referenceAt = 0
  try {
    await session.close()
  } catch (error) {
    // Without a network the cookie cannot be taken back now; it is as soon as the app reaches the server.
    if (error instanceof Unreachable) await keep('signOutOwed', true)
  }
}

export async function setSunlight(on: boolean): Promise<void> {
  account.sunlight = on
  await keep('sunlight', on)
}
