// The filing approval form (立案审批表): its fields, what is wrong with them while it is being filled in, and its draft. The
// server judges again; what stands here only spares people a round trip.
import type { Approval, Filing, Officer, Party, Violation } from '@lib/types'
import { limitation } from './limitation'

/** The form is the filing and the day it is dated. */
export interface FilingForm extends Filing {
  filedOn: string
}

export interface FilingContext {
  kind: string
  /** Unknown when the reach is not in the list any more: then causes are not narrowed by it. */
  regime: string | undefined
  discoveredOn: string
  today: string
  officers: readonly Officer[]
  violations: readonly Violation[]
}

export type Wrong = Record<string, string>

export const emptyParty = (): Party => ({ kind: 'person', name: '', idNo: '', legal: '', phone: '', address: '' })
const emptyApproval = (opinion: string): Approval => ({ name: '', post: '', opinion, approvedOn: '' })

export function emptyFiling(context: Pick<FilingContext, 'discoveredOn' | 'today'>, summary: string): FilingForm {
  return {
    title: '', violation: '', summary, parties: [emptyParty()], conductEndedOn: context.discoveredOn, graveHarm: false, handlers: [],
    conditions: { violationFact: false, punishable: false, ownJurisdiction: false },
    unitHead: emptyApproval('建议立案'), organHead: emptyApproval('同意立案'), filedOn: context.today,
  }
}

export function proposedTitle(parties: readonly Party[], violation: string): string {
  const first = parties[0]
  const who = first?.name.trim() || (first?.kind === 'unknown' ? '当事人不明' : '')
  if (!who || !violation) return ''
  return `${who}${parties.length > 1 ? '等' : ''}${violation}案`.slice(0, 120)
}

/** Why an officer may not act on a day, or undefined if he may. */
export function notCertified(officer: Pick<Officer, 'certNo' | 'certFrom' | 'certUntil'>, on: string): string | undefined {
  if (!officer.certNo) return '没有执法证'
  if (officer.certFrom && on < officer.certFrom) return `执法证 ${officer.certFrom} 起有效`
  if (officer.certUntil && on > officer.certUntil) return `执法证已于 ${officer.certUntil} 到期`
  return undefined
}

const inForce = (v: Violation, on: string): boolean => !on || (v.from <= on && (!v.until || on <= v.until))

/** The causes that fit the finding and were law on the day of the conduct, and how many fit but were not law then. */
export function fittingViolations(context: FilingContext, on: string): { fitting: Violation[]; otherTimes: number } {
  const kin = context.violations.filter((v) => v.kinds.includes(context.kind) && (!context.regime || v.regimes.includes(context.regime)))
  const fitting = kin.filter((v) => inForce(v, on))
  return { fitting, otherTimes: kin.length - fitting.length }
}

export function need(wrong: Wrong, field: string, value: string | undefined, most: number, what: string): void {
  const length = [...(value ?? '').trim()].length
  if (length === 0) wrong[field] = `请填写${what}。`
  else if (length > most) wrong[field] = `${what}最多 ${most} 个字，现有 ${length} 个字。`
}

function most(wrong: Wrong, field: string, value: string | undefined, limit: number, what: string): void {
  const length = [...(value ?? '')].length
  if (length > limit) wrong[field] = `${what}最多 ${limit} 个字，现有 ${length} 个字。`
}

/** Checks an opinion; its day must lie between two others. */
export function checkApproval(wrong: Wrong, field: string, a: Approval, from: string, to: string, between: string): void {
  need(wrong, `${field}.name`, a.name, 50, '姓名')
  need(wrong, `${field}.post`, a.post, 50, '职务')
  need(wrong, `${field}.opinion`, a.opinion, 500, '意见')
  if (!a.approvedOn) wrong[`${field}.approvedOn`] = '请填写审批日期。'
  else if ((from && a.approvedOn < from) || (to && a.approvedOn > to)) wrong[`${field}.approvedOn`] = `审批日期应在${between}之间（${from} 至 ${to}）。`
}

export function checkOfficers(wrong: Wrong, field: string, chosen: readonly string[], on: string, officers: readonly Officer[], least: number, max: number): void {
  if (chosen.length < least) wrong[field] = least === 1 ? '请选择人员。' : `请选择不少于 ${least} 名持证执法人员。`
  else if (chosen.length > max) wrong[field] = `最多选择 ${max} 名人员。`
  for (const id of chosen) {
    const officer = officers.find((o) => o.id === id)
    const why = officer && notCertified(officer, on)
    if (officer && why && least > 1) {
      wrong[field] = `${officer.name}在 ${on} ${why}，请更换人员。`
      return
    }
  }
}

export function checkFiling(f: FilingForm, c: FilingContext): Wrong {
  const wrong: Wrong = {}
  if (!f.filedOn) wrong.filedOn = '请填写立案日期。'
  else if (f.filedOn > c.today) wrong.filedOn = '立案日期不能晚于今天。'
  else if (f.filedOn < c.discoveredOn) wrong.filedOn = `立案日期不能早于发现之日（${c.discoveredOn}）。`
  need(wrong, 'title', f.title, 120, '案件名称')
  need(wrong, 'summary', f.summary, 4000, '案情摘要')
  if (!f.violation) wrong.violation = '请选择案由。'
  else if (!fittingViolations(c, f.conductEndedOn).fitting.some((v) => v.code === f.violation)) wrong.violation = '所选案由与该线索或行为日期不符，请重新选择。'
  if (!f.conductEndedOn) wrong.conductEndedOn = '请填写违法行为终了之日。'
  else if (f.conductEndedOn > c.discoveredOn) wrong.conductEndedOn = `不能晚于发现之日（${c.discoveredOn}）；行为仍在持续的，填发现之日。`
  f.parties.forEach((p, n) => {
    const at = `parties[${n}]`
    need(wrong, `${at}.name`, p.name, 100, p.kind === 'organisation' ? '名称' : p.kind === 'unknown' ? '已知特征' : '姓名')
    most(wrong, `${at}.idNo`, p.idNo, 32, '证件号码')
    most(wrong, `${at}.legal`, p.legal, 50, '法定代表人')
    most(wrong, `${at}.phone`, p.phone, 32, '电话')
    most(wrong, `${at}.address`, p.address, 200, '地址')
  })
  checkOfficers(wrong, 'handlers', f.handlers, f.filedOn, c.officers, 2, 6)
  if (!f.conditions.violationFact) wrong['conditions.violationFact'] = '未确认有违法事实，不能立案；没有违法事实的，请作不予立案。'
  if (!f.conditions.punishable) wrong['conditions.punishable'] = '未确认应当给予处罚，不能立案；不应处罚的，请作不予立案。'
  if (!f.conditions.ownJurisdiction) wrong['conditions.ownJurisdiction'] = '未确认属于本机关管辖，不能立案；不属本机关管辖的，请移送。'
  if (limitation(f.conductEndedOn, c.discoveredOn, f.graveHarm)?.barred) wrong.limitation = '已超过追责时效，不能立案；请作不予立案。'
  checkApproval(wrong, 'unitHead', f.unitHead, c.discoveredOn, f.filedOn, '发现之日与立案之日')
  checkApproval(wrong, 'organHead', f.organHead, c.discoveredOn, f.filedOn, '发现之日与立案之日')
  return wrong
}

/** Every field that can be marked, in the order of the form: the first wrong one gets the focus. */
export function filingFields(parties: number): string[] {
  const of = (n: number): string[] => ['kind', 'name', 'idNo', 'legal', 'phone', 'address'].map((f) => `parties[${n}].${f}`)
  const approval = (a: string): string[] => ['name', 'post', 'opinion', 'approvedOn'].map((f) => `${a}.${f}`)
  return [
    'filedOn', ...Array.from({ length: parties }, (_, n) => of(n)).flat(), 'conductEndedOn', 'violation', 'title', 'summary', 'graveHarm', 'handlers',
    'conditions.violationFact', 'conditions.punishable', 'conditions.ownJurisdiction', 'limitation', ...approval('unitHead'), ...approval('organHead'),
  ]
}

/** What is sent: trimmed, without the empty fields that the form shows for every kind of party. */
export function filingSent(f: FilingForm): Filing {
  const { filedOn: _, ...filing } = f
  const approval = (a: Approval): Approval => ({ name: a.name.trim(), post: a.post.trim(), opinion: a.opinion.trim(), approvedOn: a.approvedOn })
  return {
    ...filing, title: f.title.trim(), summary: f.summary.trim(), unitHead: approval(f.unitHead), organHead: approval(f.organHead),
    parties: f.parties.map((p) => {
      const sent: Party = { kind: p.kind, name: p.name.trim() }
      for (const field of ['idNo', 'phone', 'address', ...(p.kind === 'organisation' ? (['legal'] as const) : [])] as const) {
        const value = p[field]?.trim()
        if (value) sent[field] = value
      }
      return sent
    }),
  }
}

/** A doubt about an identity number, not an objection: passports and old numbers exist. */
export function idDoubt(party: Party): string | undefined {
  const id = party.idNo?.trim().toUpperCase()
  if (!id) return undefined
  if (party.kind === 'person') {
    if (!/^\d{17}[\dX]$/.test(id)) return '不是 18 位居民身份证号，请核对（其他证件可忽略）。'
    const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    const sum = weights.reduce((total, w, n) => total + w * Number(id[n]), 0)
    if ('10X98765432'[sum % 11] !== id[17]) return '身份证号校验位不符，请核对。'
  }
  if (party.kind === 'organisation' && !/^[0-9A-Z]{18}$/.test(id)) return '不是 18 位统一社会信用代码，请核对。'
  return undefined
}
