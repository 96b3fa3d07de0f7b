import { describe, expect, it } from 'vitest'
import { addDays, formatDate, formatDateTime, formatDuration, formatNear, formatTime, today, withOffset } from './time'

describe('times are shown in Beijing time, whatever zone the device is set to', () => {
  it('runs in another zone', () => expect(new Date('2026-03-02T00:00:00Z').getHours()).not.toBe(8))
  it('turns the day at Beijing midnight', () => {
    expect(formatDate('2026-03-01T15:59:59Z')).toBe('2026-03-01')
    expect(formatDate('2026-03-01T16:00:00Z')).toBe('2026-03-02')
    expect(formatDateTime('2026-12-31T16:05:00Z')).toBe('2027-01-01 00:05')
    expect(formatTime('2026-03-01T16:00:00Z')).toBe('00:00')
  })
  it('names near days', () => {
    const now = '2026-03-02T01:00:00Z'
    expect(formatNear('2026-03-01T16:30:00Z', now)).toBe('今天 00:30')
    expect(formatNear('2026-03-01T14:10:00Z', now)).toBe('昨天 22:10')
    expect(formatNear('2026-02-20T01:05:00Z', now)).toBe('2月20日 09:05')
    expect(formatNear('2025-02-20T01:05:00Z', now)).toBe('2025年2月20日')
    expect(formatNear(undefined, now)).toBe('')
    expect(formatNear('nonsense', now)).toBe('')
  })
  it('writes the offset that evidence carries', () => expect(withOffset('2026-03-02T01:04:10Z')).toBe('2026-03-02T09:04:10+08:00'))
  it('counts civil days', () => {
    expect(today(Date.parse('2026-02-28T16:00:00Z'))).toBe('2026-03-01')
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31')
  })
  it('writes durations as hours and minutes', () => {
    expect(formatDuration(42 * 60_000 + 59_000)).toBe('00:42')
    expect(formatDuration(125 * 3600_000)).toBe('125:00')
    expect(formatDuration(-5)).toBe('00:00')
  })
})
