import { describe, expect, it } from 'vitest'
import { madeAt, uuidv7 } from './uuid'

describe('uuidv7', () => {
  it('carries version, variant and the time', () => {
    const now = Date.now() + 10
    const id = uuidv7(now)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(madeAt(id)).toBe(now)
  })
  it('rises within a millisecond, over its end, and when the clock steps back', () => {
    const at = Date.now() + 1000
    const ids = Array.from({ length: 10_000 }, (_, n) => uuidv7(n === 5000 ? at - 3_600_000 : at))
    expect([...ids].sort()).toEqual(ids)
    expect(new Set(ids).size).toBe(ids.length)
  })
  it('tells what is none', () => {
    expect(madeAt('0197a000-0000-4000-8000-000000000101')).toBeNaN()
    expect(madeAt('')).toBeNaN()
  })
})
