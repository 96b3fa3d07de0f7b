import { describe, expect, it } from 'vitest'
import { distanceM, formatDistance, formatPoint, formatPointShort, nearWuxi, parsePoint } from './coordinates'

const jiangyin = { latE6: 31_934_000, lonE6: 120_260_000 }

describe('parsePoint reads what people copy', () => {
  it.each([
    '120.26, 31.934', '31.934 120.26', '31.934,120.26', '３１．９３４，１２０．２６', '31.934N 120.26E', 'N31.934 E120.26', '120.26°E 31.934°N',
    '东经120.26°，北纬31.934°', '北纬 31.934 东经 120.26', '经度120.26 纬度31.934', 'lat 31.934 lon 120.26', '(120.26, 31.934)',
    '31°56′02.4″ 120°15′36″', "31°56'2.4\"N, 120°15'36\"E", '北纬31度56分2.4秒 东经120度15分36秒', '31°56.04′ 120°15.6′', '东经：120.26 北纬：31.934',
  ])('%s', (text) => expect(parsePoint(text)).toEqual(jiangyin))
  it('keeps the order that letters give, even where the range would say otherwise', () => {
    expect(parsePoint('N 31.5 E 20.25')).toEqual({ latE6: 31_500_000, lonE6: 20_250_000 })
    expect(parsePoint('31.5S 20.25W')).toEqual({ latE6: -31_500_000, lonE6: -20_250_000 })
  })
  it.each(['', '31.934', '120.26', '江阴大桥', '31.9 120.2 5', '120.26, 31.934, 8 米', '31°70′ 120°15′', '200.5, 31.9', '31.934N 120.26N', 'abc 31.9 120.2'])('refuses %j', (text) => expect(parsePoint(text)).toBeUndefined())
  it('reads back what it writes', () => {
    expect(parsePoint(formatPoint(jiangyin))).toEqual(jiangyin)
    expect(parsePoint(formatPointShort(jiangyin))).toEqual(jiangyin)
  })
})

describe('distances', () => {
  it('measures on the sphere', () => {
    expect(distanceM(jiangyin, jiangyin)).toBe(0)
    expect(distanceM(jiangyin, { latE6: 31_944_000, lonE6: 120_260_000 })).toBeCloseTo(1111.95, 1)
    expect(distanceM(jiangyin, { latE6: 31_934_000, lonE6: 120_270_000 })).toBeCloseTo(943.66, 0)
  })
  it('is written for people', () => {
    expect(formatDistance(7.6)).toBe('8 米')
    expect(formatDistance(1234)).toBe('1.23 公里')
    expect(formatDistance(18350)).toBe('18.4 公里')
  })
  it('knows what cannot be Wuxi', () => {
    expect(nearWuxi(jiangyin)).toBe(true)
    expect(nearWuxi({ latE6: 31_934_000, lonE6: 102_260_000 })).toBe(false)
  })
})
