import { give, Refused, Unreachable } from '@lib/api'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { actNow, useAct, type Kept } from './act'

vi.mock('@lib/api', async (original) => ({ ...(await original<typeof import('@lib/api')>()), give: vi.fn() }))

const given = vi.mocked(give)
const accepted = { stream: 's', revision: 0, position: 7, events: [], recordedAt: '' }
const refused = (status: number): Refused => new Refused(status, { code: 'x', title: 'x', status })
const command = (note: string) => () => actNow('patrol.return', '0197a000-0000-7000-8000-000000000201', { note })

beforeEach(() => {
  vi.useFakeTimers()
  given.mockReset()
})
afterEach(() => vi.useRealTimers())

async function settle<T>(promise: Promise<T>): Promise<T> {
  await vi.runAllTimersAsync()
  return promise
}

describe('one act from one form', () => {
  it('is sent once, however often the button is pressed', async () => {
    given.mockImplementation(async () => {
      await new Promise((resolve) => setTimeout(resolve, 500))
      return accepted
    })
    const act = useAct()
    const first = act.send(command('甲'))
    const second = act.send(command('甲'))
    await settle(Promise.all([first, second]))
    await settle(act.send(command('甲')))
    expect(given).toHaveBeenCalledTimes(1)
    expect(act.state.value).toBe('done')
  })

  it('is repeated with the same id and the same bytes while nobody answers', async () => {
    given.mockRejectedValueOnce(new Unreachable()).mockRejectedValueOnce(refused(503)).mockResolvedValue(accepted)
    const act = useAct()
    await settle(act.send(command('甲')))
    expect(given).toHaveBeenCalledTimes(3)
    expect(new Set(given.mock.calls.map((call) => JSON.stringify(call.slice(0, 2)))).size).toBe(1)
    expect(act.state.value).toBe('done')
  })

  it('stays the same act when it could not be told what became of it, also after a reload', async () => {
    given.mockRejectedValue(new Unreachable())
    let kept: Kept | undefined
    const act = useAct(undefined, () => { kept = act.keep() })
    await settle(act.send(command('甲')))
    expect(act.state.value).toBe('unknown')
    expect(act.frozen.value).toBe(true)
    const [id, sent] = given.mock.calls[0]!

    given.mockReset().mockResolvedValue(accepted)
    const reloaded = useAct(JSON.parse(JSON.stringify(kept)) as Kept)
    expect(reloaded.state.value).toBe('unknown')
    await settle(reloaded.send(command('乙'))) // what the form says now does not matter: the first content is what was sent
    expect(given.mock.calls[0]!.slice(0, 2)).toEqual([id, sent])
  })

  it('may be corrected after a refusal, under the same id, for nothing was written', async () => {
    given.mockRejectedValueOnce(refused(422)).mockResolvedValue(accepted)
    const act = useAct()
    await settle(act.send(command('甲')))
    expect(act.state.value).toBe('refused')
    expect(act.frozen.value).toBe(false)
    expect(act.problem.value?.status).toBe(422)
    await settle(act.send(command('乙')))
    expect(given.mock.calls.map((call) => (call[1].data as { note: string }).note)).toEqual(['甲', '乙'])
    expect(given.mock.calls[0]![0]).toBe(given.mock.calls[1]![0])
  })
})
