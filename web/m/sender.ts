// Carries the outbox to the server: small commands first, their photos after, each lane by one tab at a time.
import { reactive } from 'vue'
import { Refused, Unreachable } from '@lib/api'
import type { Accepted, Command } from '@lib/types'
import { db, type MediaRow } from './database'
import { backoff, outcomeOf, sendable } from './rules'

/** What the engine needs of the network; tests bring their own. */
export interface Wire {
  /** Officer the server takes this browser for. */
  whoAmI(): Promise<string>
  give(id: string, command: Command): Promise<Accepted>
  stored(sha256: string): Promise<boolean>
  upload(media: MediaRow, bytes: Blob, progress: (sent: number) => void): Promise<void>
}

export type Stop = '' | 'waiting' | 'sign-in' | 'other-user'

type Lane = 'commands' | 'media'

/** One at a time over all tabs of the origin. A browser too old for locks has to do with one tab. */
export async function alone(name: string, work: () => Promise<void>): Promise<void> {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks
  if (locks) await locks.request(name, work)
  else await work()
}

export class Sender {
  /** For the pages: what is being sent at this moment, and why nothing is. */
  readonly status = reactive({
    sending: new Set<string>(),
    stop: '' as Stop,
    /** When the next try is due, while waiting. */
    until: 0,
    lastContact: 0,
    running: false,
  })
  private readonly wire: Wire
  private readonly user: () => Promise<string | undefined>
  private readonly now: () => number
  private failures = 0
  private active: Record<Lane, Promise<void> | undefined> = { commands: undefined, media: undefined }
  private again: Record<Lane, boolean> = { commands: false, media: false }
  private timer: ReturnType<typeof setTimeout> | undefined
  private timerAt = 0

  constructor(wire: Wire, user: () => Promise<string | undefined>, now: () => number = Date.now) {
    this.wire = wire
    this.user = user
    this.now = now
  }

  /**
   * Looks for something to send. Urgent is what a person or the network asks for: it ends a wait that is only patience, but
   * not a missing sign-in.
   */
  async kick(urgent = false): Promise<void> {
    if (urgent && this.status.stop === 'waiting') this.resume()
    await Promise.all([this.run('commands'), this.run('media')])
    await this.active.media // photos of what was just accepted
  }

  /** To be called after a sign-in: everything that waited may go. */
  resume(): void {
    this.status.stop = ''
    this.status.until = 0
    this.failures = 0
  }

  private run(lane: Lane): Promise<void> {
    if (this.active[lane]) {
      this.again[lane] = true // something may have been queued after the running pass looked
      return this.active[lane]
    }
    const pass = async (): Promise<void> => {
      await Promise.resolve() // so that what is set below stands before it is cleared
      try {
        do {
          this.again[lane] = false
          if (this.mayTry()) await alone(`outbox-${lane}`, () => this.drain(lane))
        } while (this.again[lane])
      } catch (error) {
        console.error('outbox', lane, error)
      } finally {
        this.active[lane] = undefined
        this.status.running = Boolean(this.active.commands ?? this.active.media)
      }
    }
    const promise = pass()
    this.active[lane] = promise
    this.status.running = true
    return promise
  }

  private mayTry(): boolean {
    return this.status.stop === '' || (this.status.stop === 'waiting' && this.status.until <= this.now())
  }

  private async drain(lane: Lane): Promise<void> {
    const user = await this.user()
    if (!user) return
    let asked = false
    for (;;) {
      const due = lane === 'commands' ? (await this.nextCommands(user))[0] : await this.nextMedia(user)
      if (!due || !this.mayTry() || (await this.user()) !== user) return
      if (!asked) {
        // The cookie may have become somebody else's in another tab or in the office app: his name must not stand under these records.
        try {
          if ((await this.wire.whoAmI()) !== user) { this.status.stop = 'other-user'; return }
          asked = true
          this.reached()
        } catch (error) {
          this.failed(error, undefined)
          return
        }
      }
      if ('command' in due) await this.sendCommand(due.id, due.command)
      else await this.sendMedia(due)
    }
  }

  private async nextCommands(user: string): Promise<{ id: string; command: Command; nextAt: number }[]> {
    const rows = await db.commands.where('[user+state]').anyOf([[user, 'queued'], [user, 'rejected']]).toArray()
    this.wakeAt(Math.min(...rows.filter((r) => r.state === 'queued' && r.nextAt > this.now()).map((r) => r.nextAt)))
    return sendable(rows, this.now())
  }

  private async nextMedia(user: string): Promise<MediaRow | undefined> {
    const held = await db.media.where('[user+state]').equals([user, 'held']).toArray()
    if (!held.length) return undefined
    const owners = await db.commands.bulkGet(held.map((m) => m.owner))
    const order = new Map(owners.map((o) => [o?.id, o?.state === 'accepted' ? o.order : NaN]))
    const open = held.filter((m) => !Number.isNaN(order.get(m.owner) ?? NaN))
    this.wakeAt(Math.min(...open.filter((m) => m.nextAt > this.now()).map((m) => m.nextAt)))
    return open
      .filter((m) => m.nextAt <= this.now())
      .sort((a, b) => order.get(a.owner)! - order.get(b.owner)! || (a.id < b.id ? -1 : 1))[0]
  }

  private async sendCommand(id: string, command: Command): Promise<void> {
    this.status.sending.add(id)
    try {
      const accepted = await this.wire.give(id, command)
      await db.commands.where('id').equals(id).modify((row) => {
        row.state = 'accepted'
        row.accepted = accepted
        row.acceptedAt = this.now()
        delete row.problem
      })
      this.reached()
      void this.run('media')
    } catch (error) {
      const outcome = this.failed(error, undefined)
      await db.commands.where('id').equals(id).modify((row) => {
        row.attempts++
        if (outcome.kind === 'rejected') { row.state = 'rejected'; row.problem = outcome.problem }
        if (outcome.kind === 'wait') {
          if (outcome.problem) row.problem = outcome.problem
          if (outcome.scope === 'row') row.nextAt = this.now() + (outcome.afterMs ?? backoff(row.attempts))
        }
      })
    } finally {
      this.status.sending.delete(id)
    }
  }

  private async sendMedia(media: MediaRow): Promise<void> {
    this.status.sending.add(media.id)
    try {
      if (!(await this.wire.stored(media.sha256))) {
        const bytes = (await db.bytes.get(media.id))?.original
        if (!bytes) throw new Refused(422, { code: 'evidence.lost', title: '照片已不在本机', status: 422, detail: '本机存储中找不到这张照片，可能已被系统清理。请重新拍摄后补报。' })
        let written = 0
        await this.wire.upload(media, bytes, (sent) => {
          if (sent < media.size && sent - written < 256 * 1024) return
          written = sent
          void db.media.update(media.id, { sent })
        })
        // Only the server's own word that it holds these bytes counts; the upload having ended does not.
        if (!(await this.wire.stored(media.sha256))) throw new Error('the server does not hold the upload yet')
      }
      await db.media.where('id').equals(media.id).modify((row) => {
        row.state = 'verified'
        row.verifiedAt = this.now()
        row.sent = row.size
        delete row.problem
      })
      this.reached()
    } catch (error) {
      const outcome = this.failed(error, media)
      await db.media.where('id').equals(media.id).modify((row) => {
        row.attempts++
        if (outcome.kind === 'rejected') { row.state = 'rejected'; row.problem = outcome.problem }
        if (outcome.kind === 'wait' && outcome.scope === 'row') row.nextAt = this.now() + (outcome.afterMs ?? backoff(row.attempts))
      })
    } finally {
      this.status.sending.delete(media.id)
    }
  }

  private reached(): void {
    this.failures = 0
    this.status.lastContact = this.now()
    if (this.status.stop === 'waiting') this.resume()
  }

  private failed(error: unknown, media: MediaRow | undefined): ReturnType<typeof outcomeOf> {
    let outcome = outcomeOf(error)
    if (media && outcome.kind === 'wait' && outcome.scope === 'all') {
      // A photo that cannot be read from storage, or that a gateway refuses for its size, must not keep the others here.
      const shared = error instanceof Unreachable || (error instanceof Refused && (error.status === 429 || error.status >= 500))
      if (!shared) outcome = { ...outcome, scope: 'row' }
    }
    if (outcome.kind === 'sign-in') this.status.stop = 'sign-in'
    if (outcome.kind === 'wait' && outcome.scope === 'all') {
      this.failures++
      const delay = Math.max(outcome.afterMs ?? 0, backoff(this.failures))
      this.status.stop = 'waiting'
      this.status.until = this.now() + delay
      this.wakeAt(this.status.until)
    }
    return outcome
  }

  private wakeAt(at: number): void {
    if (!Number.isFinite(at) || (this.timer && this.timerAt <= at)) return
    clearTimeout(this.timer)
    this.timerAt = at
    this.timer = setTimeout(() => {
      this.timer = undefined
      void this.kick()
    }, Math.max(50, at - this.now()))
  }
}
