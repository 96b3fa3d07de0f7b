// What the pages show of the outbox, kept up to date by the database itself.
import Dexie from 'dexie'
import { computed } from 'vue'
import { account, sender } from './account'
import { db, live, type DraftRow, type MediaRow, type OutboxRow } from './database'
import { standing, unsent, type Standing } from './rules'

export function useOutbox() {
  const me = (): string => account.me?.officer ?? ''
  const sources = [() => account.me?.officer]
  const rows = live<OutboxRow[]>(() => db.commands.where('[user+order]').between([me(), Dexie.minKey], [me(), Dexie.maxKey]).toArray(), [], sources)
  const media = live<MediaRow[]>(() => db.media.where('[user+state]').between([me(), Dexie.minKey], [me(), Dexie.maxKey]).toArray(), [], sources)
  const drafts = live<DraftRow[]>(() => db.drafts.where('user').equals(me()).reverse().sortBy('updatedAt'), [], sources)
  const byOwner = computed(() => {
    const map = new Map<string, MediaRow[]>()
    for (const m of media.value) map.set(m.owner, [...(map.get(m.owner) ?? []), m])
    return map
  })
  const mediaOf = (row: OutboxRow): MediaRow[] => byOwner.value.get(row.id) ?? []
  const photosOf = (draft: DraftRow): MediaRow[] => byOwner.value.get(draft.id) ?? []
  const standingOf = (row: OutboxRow): Standing => standing(row, mediaOf(row), rows.value, sender.status.sending)
  const pending = computed(() => rows.value.filter((r) => unsent(r, mediaOf(r))))
  return { rows, media, drafts, mediaOf, photosOf, standingOf, pending, ready: rows.ready }
}

/** A refused command once more as it is: for when the reason was removed at the office. */
export async function again(row: OutboxRow): Promise<void> {
  await db.transaction('rw', db.commands, db.media, async () => {
    if (row.state !== 'accepted') {
      await db.commands.where('id').equals(row.id).modify((r) => { r.state = 'queued'; r.attempts = 0; r.nextAt = 0; delete r.problem })
    }
    await db.media.where('owner').equals(row.id).and((m) => m.state === 'rejected').modify((m) => { m.state = 'held'; m.attempts = 0; m.nextAt = 0; delete m.problem })
  })
  void sender.kick(true)
}

/** The officer decides that a refused command is not to be sent. It stays readable, and no longer holds up those behind it. */
export async function setAside(row: OutboxRow): Promise<void> {
  await db.commands.update(row.id, { state: 'aside' })
  void sender.kick()
}
