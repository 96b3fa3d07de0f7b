import 'fake-indexeddb/auto'
import { beforeEach, describe, expect, it } from 'vitest'
import { Refused, Unreachable } from '@lib/api'
import type { Accepted, Command } from '@lib/types'
import { db, keep, queue, recall, type MediaRow, type OutboxRow } from './database'
import { Sender, type Wire } from './sender'

// A server in memory: what it was asked, in order, and a script of failures.
class Server implements Wire {
  officer = 'u'
  calls: string[] = []
  accepted = new Map<string, Command>()
  blobs = new Set<string>()
  fail: ((what: string) => Error | undefined) | undefined
  private attempt(what: string): void {
    this.calls.push(what)
    const error = this.fail?.(what)
    if (error) throw error
  }
  async whoAmI(): Promise<string> {
    this.attempt('who')
    return this.officer
  }
  async give(id: string, command: Command): Promise<Accepted> {
    this.attempt(`give ${String((command.data as { note?: string }).note)}`)
    this.accepted.set(id, command)
    return { stream: `x-${command.aggregate}`, revision: 0, position: this.accepted.size, events: [], recordedAt: '2026-03-02T01:00:00Z' }
  }
  async stored(sha256: string): Promise<boolean> {
    this.attempt(`stored ${sha256}`)
    return this.blobs.has(sha256)
  }
  async upload(media: MediaRow): Promise<void> {
    this.attempt(`upload ${media.sha256}`)
    this.blobs.add(media.sha256)
  }
}

let server: Server
let sender: Sender
let clock = 1_000_000
const refused = (status: number, code: string, after?: number): Refused => new Refused(status, { status, code, title: '未能办理', detail: '请核对。' }, after)

async function put(note: string, aggregate: string, more: { needs?: string[]; user?: string; replaces?: string; photos?: string[] } = {}): Promise<OutboxRow> {
  return await db.transaction('rw', db.commands, db.kept, db.media, db.bytes, async () => {
    const row = await queue(more.user ?? 'u', {
      type: 'patrol.return', aggregate, data: { note }, title: note, ...(more.needs ? { needs: more.needs } : {}), ...(more.replaces ? { replaces: more.replaces } : {}),
    }, clock++, { kind: 'device', uncertaintyMs: 2000 })
    for (const sha256 of more.photos ?? []) {
      await db.media.add({ id: sha256, user: more.user ?? 'u', owner: row.id, sha256, size: 3, mediaType: 'image/jpeg', name: '', caption: '', takenAt: '', state: 'held', sent: 0, attempts: 0, nextAt: 0 })
      await db.bytes.add({ id: sha256, original: new Blob(['abc']) })
    }
    return row
  })
}
const state = async (row: OutboxRow): Promise<string | undefined> => (await db.commands.get(row.id))?.state
const gives = (): string[] => server.calls.filter((c) => c.startsWith('give')).map((c) => c.slice(5))

beforeEach(async () => {
  await Promise.all(db.tables.map((t) => t.clear()))
  await keep('user', 'u')
  server = new Server()
  sender = new Sender(server, () => recall<string>('user'), () => clock)
})

describe('the outbox engine', () => {
  it('counts every queued command of the device without a gap', async () => {
    const rows = [await put('a', '1'), await put('b', '2'), await put('c', '1', { user: 'v' })]
    expect(rows.map((r) => r.command.device?.seq)).toEqual([1, 2, 3])
    expect(new Set(rows.map((r) => r.command.device?.id)).size).toBe(1)
  })

  it('leaves nothing behind when the transaction fails', async () => {
    await expect(db.transaction('rw', db.commands, db.kept, async () => {
      await queue('u', { type: 'patrol.return', aggregate: '1', data: {}, title: 'x' }, clock, { kind: 'device', uncertaintyMs: 0 })
      throw new Error('quota')
    })).rejects.toThrow()
    expect(await db.commands.count()).toBe(0)
    expect((await put('a', '1')).command.device?.seq).toBe(1)
  })

  it('sends commands in order, then photos, and believes only the server about them', async () => {
    const a = await put('a', '1', { photos: ['s1', 's2'] })
    await put('b', '1')
    await sender.kick()
    expect(gives()).toEqual(['a', 'b'])
    expect(await state(a)).toBe('accepted')
    expect((await db.media.toArray()).map((m) => m.state)).toEqual(['verified', 'verified'])
    const first = server.calls.findIndex((c) => c === 'stored s1')
    expect(server.calls.slice(first, first + 3)).toEqual(['stored s1', 'upload s1', 'stored s1'])
    expect(first).toBeGreaterThan(server.calls.indexOf('give a'))
  })

  it('uploads nothing that the server holds', async () => {
    server.blobs.add('s1')
    await put('a', '1', { photos: ['s1'] })
    await sender.kick()
    expect(server.calls).not.toContain('upload s1')
    expect((await db.media.get('s1'))?.state).toBe('verified')
  })

  it('sends no photo of a command that was refused', async () => {
    server.fail = (w) => (w === 'give a' ? refused(422, 'officer.two_needed') : undefined)
    const a = await put('a', '1', { photos: ['s1'] })
    const b = await put('b', '1')
    const c = await put('c', '2')
    await sender.kick()
    expect([await state(a), await state(b), await state(c)]).toEqual(['rejected', 'queued', 'accepted'])
    expect((await db.commands.get(a.id))?.problem?.code).toBe('officer.two_needed')
    expect(server.calls).not.toContain('stored s1')
  })

  it('puts a correction in the place of what it replaces', async () => {
    server.fail = (w) => (w === 'give a' ? refused(422, 'x.y') : undefined)
    const a = await put('a', '1')
    const b = await put('b', '2', { needs: [a.id] })
    await sender.kick()
    expect(await state(b)).toBe('queued')
    const fixed = await put('a2', '1', { replaces: a.id })
    expect(fixed).toMatchObject({ order: a.order, replaces: a.id })
    expect(fixed.id).not.toBe(a.id)
    expect(fixed.command.causation).toBe(a.id)
    await sender.kick()
    expect(gives()).toEqual(['a', 'a2', 'b'])
    expect(await state(a)).toBe('replaced')
  })

  it('waits for the network as a whole, longer each time, and tries at once when asked', async () => {
    server.fail = () => new Unreachable()
    const a = await put('a', '1')
    await put('b', '2')
    await sender.kick()
    expect(sender.status.stop).toBe('waiting')
    expect(sender.status.until - clock).toBeLessThanOrEqual(1000)
    const asked = server.calls.length
    await sender.kick()
    expect(server.calls.length).toBe(asked)
    expect(await state(a)).toBe('queued')
    server.fail = undefined
    await sender.kick(true)
    expect(gives()).toEqual(['a', 'b'])
    expect(sender.status.stop).toBe('')
  })

  it('honours Retry-After', async () => {
    server.fail = (w) => (w.startsWith('give') ? refused(503, 'log.unavailable', 30_000) : undefined)
    await put('a', '1')
    await sender.kick()
    expect(sender.status.until - clock).toBe(30_000)
  })

  it('lets one command that the server chokes on wait alone', async () => {
    server.fail = (w) => (w === 'give a' ? refused(500, 'internal.fault') : undefined)
    const a = await put('a', '1')
    const b = await put('b', '2')
    await sender.kick()
    expect([await state(a), await state(b)]).toEqual(['queued', 'accepted'])
    expect((await db.commands.get(a.id))!.nextAt).toBeGreaterThan(clock)
  })

  it('stops for a sign-in, keeps everything, and goes on after it', async () => {
    server.fail = (w) => (w === 'who' ? refused(401, 'auth.required') : undefined)
    const a = await put('a', '1', { photos: ['s1'] })
    await sender.kick()
    expect(sender.status.stop).toBe('sign-in')
    await sender.kick(true)
    expect(gives()).toEqual([])
    server.fail = undefined
    sender.resume()
    await sender.kick()
    expect(await state(a)).toBe('accepted')
    expect((await db.media.get('s1'))?.state).toBe('verified')
  })

  it('never sends the rows of one officer under the session of another', async () => {
    await put('a', '1')
    server.officer = 'v'
    await sender.kick()
    expect(gives()).toEqual([])
    expect(sender.status.stop).toBe('other-user')
    sender.resume()
    await keep('user', 'v')
    await put('mine', '2', { user: 'v' })
    await sender.kick()
    expect(gives()).toEqual(['mine'])
  })

  it('sends the very same content again when the answer was lost', async () => {
    const bodies: string[] = []
    const give = server.give.bind(server)
    let lost = 2
    server.give = async (id, command) => {
      bodies.push(id + JSON.stringify(command))
      const answer = await give(id, command)
      if (lost-- > 0) throw new Unreachable()
      return answer
    }
    const a = await put('a', '1')
    for (let n = 0; n < 3; n++) await sender.kick(true)
    expect(bodies.length).toBe(3)
    expect(new Set(bodies).size).toBe(1)
    expect(server.accepted.size).toBe(1)
    expect(await state(a)).toBe('accepted')
  })

  it('keeps one photo waiting without holding the next', async () => {
    server.fail = (w) => (w === 'upload s1' ? refused(422, 'evidence.hash_mismatch') : w === 'upload s2' ? new Error('cannot read the blob') : undefined)
    await put('a', '1', { photos: ['s1', 's2', 's3'] })
    await sender.kick()
    const media = await db.media.toArray()
    expect(media.map((m) => m.state)).toEqual(['rejected', 'held', 'verified'])
    expect(media[1]!.nextAt).toBeGreaterThan(clock)
  })

  it('does not call a photo verified that the server does not hold after the upload', async () => {
    server.upload = async () => undefined
    await put('a', '1', { photos: ['s1'] })
    await sender.kick()
    expect((await db.media.get('s1'))?.state).toBe('held')
  })
})
