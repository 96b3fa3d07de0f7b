import { describe, expect, it } from 'vitest'
import { belongs, type Fix } from './position'

const departedAt = '2026-03-02T01:00:00Z'
const at = (seconds: number): number => Date.parse(departedAt) + seconds * 1000
const fix = (seconds: number, east = 0, accuracyM = 8): Fix => ({ latE6: 31_934_000, lonE6: 120_260_000 + east, accuracyM, at: at(seconds) })
const last = (seconds: number) => ({ latE6: 31_934_000, lonE6: 120_260_000, at: new Date(at(seconds)).toISOString() })

describe('what belongs into a track', () => {
  it('takes the first good fix', () => expect(belongs(fix(1), undefined, departedAt)).toBe(true))
  it('drops a poor one and one from before the departure', () => {
    expect(belongs(fix(1, 0, 51), undefined, departedAt)).toBe(false)
    expect(belongs(fix(-1), undefined, departedAt)).toBe(false)
  })
  it('takes a step of 25 m, or five minutes', () => {
    expect(belongs(fix(10, 200), last(1), departedAt)).toBe(false) // 19 m
    expect(belongs(fix(10, 280), last(1), departedAt)).toBe(true) // 26 m
    expect(belongs(fix(300, 0), last(1), departedAt)).toBe(false)
    expect(belongs(fix(301, 0), last(1), departedAt)).toBe(true)
  })
  it('never goes back in time', () => expect(belongs(fix(5, 400), last(6), departedAt)).toBe(false))
})
