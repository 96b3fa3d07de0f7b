import { describe, expect, it } from 'vitest'
import { checkFiling, emptyFiling, emptyParty, filingFields, filingSent, fittingViolations, idDoubt, notCertified, proposedTitle, type FilingContext, type FilingForm } from './filing'
import { addYears, limitation, limitationText } from './limitation'

const officer = (id: string, until = '2028-12-31') => ({ id, name: `${id}某`, certNo: `苏B${id}`, certFrom: '2024-01-01', certUntil: until, organ: 'o', organName: '江阴市水利局', district: '320281', roles: ['handler'] })
const violations = [
  { code: 'S01', name: '未办理河道采砂许可证擅自在长江采砂', basis: '…', regimes: ['yangtze'], kinds: ['sand.mining', 'sand.vessel'], from: '2023-07-20', until: '' },
  { code: 'S01-2021', name: '未办理河道采砂许可证擅自在长江采砂', basis: '…', regimes: ['yangtze'], kinds: ['sand.mining', 'sand.vessel'], from: '2021-03-01', until: '2023-07-19' },
  { code: 'S07', name: '未经批准在河道管理范围内采砂', basis: '…', regimes: ['taihu', 'inland'], kinds: ['sand.mining'], from: '1988-06-10', until: '' },
  { code: 'H06', name: '向河道、湖泊倾倒垃圾、渣土', basis: '…', regimes: ['yangtze', 'taihu', 'inland'], kinds: ['shoreline.dump'], from: '1998-01-01', until: '' },
]
const context: FilingContext = { kind: 'sand.mining', regime: 'yangtze', discoveredOn: '2026-03-02', today: '2026-03-05', officers: [officer('1'), officer('2'), officer('3', '2026-03-04')], violations }

function good(): FilingForm {
  const form = emptyFiling(context, '夜间在长江江阴段查获。')
  const opinion = (name: string) => ({ name, post: '局长', opinion: '同意', approvedOn: '2026-03-04' })
  return {
    ...form, title: '王某案', violation: 'S01', parties: [{ ...emptyParty(), name: '王某' }], handlers: ['1', '2'],
    conditions: { violationFact: true, punishable: true, ownJurisdiction: true }, unitHead: opinion('赵某'), organHead: opinion('李某'),
  }
}

describe('look-back period', () => {
  it('is two years, five with grave harm, and the last day counts', () => {
    expect(limitation('2024-03-02', '2026-03-02', false)).toEqual({ years: 2, lastDay: '2026-03-02', barred: false })
    expect(limitation('2024-03-01', '2026-03-02', false)?.barred).toBe(true)
    expect(limitation('2024-03-01', '2026-03-02', true)).toEqual({ years: 5, lastDay: '2029-03-01', barred: false })
  })
  it('ends on the 28th where there is no 29 February', () => {
    expect([addYears('2024-02-29', 2), addYears('2024-02-29', 4), addYears('2024-02-28', 4)]).toEqual(['2026-02-28', '2028-02-28', '2028-02-28'])
  })
  it('shows its terms', () => {
    expect(limitationText('2024-03-01', '2026-03-02', false)).toBe('行为终了 2024-03-01 ＋ 2 年 ＝ 2026-03-01 届满；发现于 2026-03-02，已超过追责时效。')
    expect(limitationText('', '2026-03-02', false)).toContain('自动计算')
  })
})

describe('the filing form', () => {
  it('accepts what the law accepts', () => {
    expect(checkFiling(good(), context)).toEqual({})
  })
  it('says at each field what is wrong', () => {
    const wrong = checkFiling({ ...emptyFiling(context, ''), conductEndedOn: '' }, context)
    expect(Object.keys(wrong).sort()).toEqual([
      'conditions.ownJurisdiction', 'conditions.punishable', 'conditions.violationFact', 'conductEndedOn', 'handlers', 'organHead.approvedOn', 'organHead.name', 'organHead.post',
      'parties[0].name', 'summary', 'title', 'unitHead.approvedOn', 'unitHead.name', 'unitHead.post', 'violation',
    ])
  })
  it('knows a field for everything it can say', () => {
    const wrong = checkFiling({ ...emptyFiling(context, ''), conductEndedOn: '2020-01-01', parties: [emptyParty(), emptyParty()] }, context)
    for (const field of Object.keys(wrong)) expect(filingFields(2)).toContain(field)
  })
  it('wants certificates valid on the day of filing', () => {
    expect(checkFiling({ ...good(), handlers: ['1', '3'] }, context).handlers).toContain('到期')
    expect(checkFiling({ ...good(), handlers: ['1', '3'], filedOn: '2026-03-04' }, context).handlers).toBeUndefined()
    expect(checkFiling({ ...good(), handlers: ['1'] }, context).handlers).toContain('不少于 2 名')
    expect(notCertified({ certNo: 'x', certFrom: '2026-05-01', certUntil: '2028-01-01' }, '2026-03-02')).toContain('起有效')
    expect(notCertified({}, '2026-03-02')).toBe('没有执法证')
  })
  it('holds the days in order', () => {
    expect(checkFiling({ ...good(), filedOn: '2026-03-06' }, context).filedOn).toContain('今天')
    expect(checkFiling({ ...good(), filedOn: '2026-03-01' }, context).filedOn).toContain('发现之日')
    expect(checkFiling({ ...good(), conductEndedOn: '2026-03-03' }, context).conductEndedOn).toContain('发现之日')
    expect(checkFiling({ ...good(), filedOn: '2026-03-03' }, context)['organHead.approvedOn']).toContain('之间')
    expect(checkFiling({ ...good(), conductEndedOn: '2024-03-01', violation: 'S01' }, context).limitation).toContain('不予立案')
  })
  it('offers the causes of the reach, the kind and the day', () => {
    expect(fittingViolations(context, '2026-03-02').fitting.map((v) => v.code)).toEqual(['S01'])
    expect(fittingViolations(context, '2022-01-01')).toMatchObject({ fitting: [{ code: 'S01-2021' }], otherTimes: 1 })
    expect(fittingViolations({ ...context, regime: 'inland' }, '2026-03-02').fitting.map((v) => v.code)).toEqual(['S07'])
    expect(checkFiling({ ...good(), conductEndedOn: '2023-01-01', violation: 'S01' }, { ...context, discoveredOn: '2023-02-01' }).violation).toContain('不符')
  })
  it('proposes a title from party and cause', () => {
    expect(proposedTitle([{ ...emptyParty(), name: '王某' }], '擅自采砂')).toBe('王某擅自采砂案')
    expect(proposedTitle([{ ...emptyParty(), name: '王某' }, emptyParty()], '擅自采砂')).toBe('王某等擅自采砂案')
    expect(proposedTitle([{ ...emptyParty(), kind: 'unknown' }], '擅自采砂')).toBe('当事人不明擅自采砂案')
    expect(proposedTitle([emptyParty()], '擅自采砂')).toBe('')
  })
  it('sends no empty fields and no legal representative of a person', () => {
    const sent = filingSent({ ...good(), parties: [{ kind: 'person', name: ' 王某 ', idNo: '', legal: '张某', phone: ' 138 ', address: '' }] })
    expect(sent.parties).toEqual([{ kind: 'person', name: '王某', phone: '138' }])
    expect(sent).not.toHaveProperty('filedOn')
  })
  it('doubts an identity number without refusing it', () => {
    expect(idDoubt({ kind: 'person', name: '', idNo: '11010519491231002X' })).toBeUndefined()
    expect(idDoubt({ kind: 'person', name: '', idNo: '110105194912310021' })).toContain('校验位')
    expect(idDoubt({ kind: 'person', name: '', idNo: 'E12345678' })).toContain('其他证件')
    expect(idDoubt({ kind: 'organisation', name: '', idNo: '123' })).toContain('信用代码')
    expect(checkFiling({ ...good(), parties: [{ ...emptyParty(), name: '王某', idNo: 'E1' }] }, context)).toEqual({})
  })
})
