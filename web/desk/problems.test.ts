import { Refused, Unreachable } from '@lib/api'
import { describe, expect, it } from 'vitest'
import { definite, place, said } from './problems'

const problem = (...errors: { field: string; message: string }[]) => ({ code: 'request.invalid', title: '填写有误', status: 400, errors: errors.map((e) => ({ code: 'x', ...e })) })
const known = ['title', 'parties[0].name', 'parties[1].name', 'handlers', 'unitHead.name', 'unitHead.approvedOn', 'organHead.approvedOn', 'place']

describe("the server's objections", () => {
  it('land on their fields, however much of the path is named', () => {
    const { fields, rest } = place(problem(
      { field: 'data.filing.parties[1].name', message: '甲' }, { field: 'organHead.approvedOn', message: '乙' }, { field: 'data.filing.title', message: '丙' }, { field: 'data.filing.handlers[1]', message: '丁' },
    ), known)
    expect(fields).toEqual({ 'parties[1].name': '甲', 'organHead.approvedOn': '乙', title: '丙', handlers: '丁' })
    expect(rest).toEqual([])
  })
  it('are not mistaken for a field of another part', () => {
    expect(place(problem({ field: 'data.unitHead.name', message: '甲' }), ['name', 'unitHead.name']).fields).toEqual({ 'unitHead.name': '甲' })
    expect(place(problem({ field: 'data.filing.subtitle', message: '甲' }), known)).toEqual({ fields: {}, rest: ['甲'] })
  })
  it('accept dots for brackets', () => {
    expect(place(problem({ field: 'data.filing.parties.0.name', message: '甲' }), known).fields).toEqual({ 'parties[0].name': '甲' })
  })
  it('keep the first of two at one field, and are none where there is no problem', () => {
    expect(place(problem({ field: 'title', message: '一' }, { field: 'title', message: '二' }), known).fields).toEqual({ title: '一' })
    expect(place(undefined, known)).toEqual({ fields: {}, rest: [] })
  })
})

describe('what a failure says', () => {
  it('says what to do even when the answer did not', () => {
    expect(said(new Refused(502, { code: 'response.foreign', title: '服务器暂时不能处理', status: 502 })).detail).toContain('重试')
    expect(said(new Unreachable()).detail).toContain('网络')
    expect(said(new TypeError('x')).title).toBe('页面程序出错')
  })
  it('carries article and number of the request', () => {
    expect(said(new Refused(422, { code: 'case.time_barred', title: '未能办理', status: 422, detail: '超过追责时效。', article: '《行政处罚法》第三十六条', traceId: 'abc' })))
      .toEqual({ title: '未能办理', detail: '超过追责时效。', article: '《行政处罚法》第三十六条', traceId: 'abc' })
  })
})

describe('whether the act was certainly not done', () => {
  const refused = (status: number): Refused => new Refused(status, { code: 'x', title: 'x', status })
  it('is certain after a refusal and never after silence', () => {
    expect([400, 403, 409, 413, 422].map((s) => definite(refused(s)))).toEqual([true, true, true, true, true])
    expect([408, 429, 500, 502, 503].map((s) => definite(refused(s)))).toEqual([false, false, false, false, false])
    expect(definite(new Unreachable())).toBe(false)
  })
})
