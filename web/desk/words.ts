// What an event holds, in the words of the forms. An unknown field is shown under its own name rather than left out: nothing in
// the record may be invisible.
import { formatPoint } from '@lib/coordinates'
import { nameOf } from '@lib/labels'
import { clockKinds, partyKinds, resultNames } from '@lib/office'
import { formatSeconds } from '@lib/time'
import { names, violationOf } from './directory'

export interface Line {
  label: string
  text?: string
  lines?: Line[]
  /** Address of the record a reference points to. */
  to?: string
}

type Json = string | number | boolean | null | undefined | Json[] | { [key: string]: Json }
type Fields = { [key: string]: Json }

const isFields = (v: Json): v is Fields => typeof v === 'object' && v !== null && !Array.isArray(v)
const str = (v: Json): string => (v === null || v === undefined || typeof v === 'object' ? '' : String(v))
const list = (v: Json): Json[] => (Array.isArray(v) ? v : [])

/** Middle of an identity or telephone number hidden: who needs it opens the form. */
export function masked(id: string): string {
  const head = id.length >= 15 ? 6 : id.length >= 8 ? 3 : 0
  const tail = id.length >= 8 ? 4 : 2
  return `${id.slice(0, head)}${'*'.repeat(Math.max(0, id.length - head - tail))}${id.slice(-tail)}`
}

export function approvalText(a: { name: string; post: string; opinion: string; approvedOn: string }): string {
  return `${a.opinion}（${a.post} ${a.name}，${a.approvedOn}）`
}

function officersText(v: Json): string {
  return list(v).map((o) => (isFields(o) ? `${str(o.name)}${o.certNo ? `（${str(o.certNo)}）` : ''}` : names.officer(str(o)) || shortId(str(o)))).join('、')
}

const shortId = (id: string): string => `编号 ${id}`

const yes = (v: Json): string => (v === true ? '是' : '否')
const time = (label: string) => (v: Json): Line => ({ label, text: formatSeconds(str(v)) })
const plain = (label: string, unit = '') => (v: Json): Line => ({ label, text: `${str(v)}${unit}` })
const coded = (label: string, name: (code: string) => string) => (v: Json): Line => ({ label, text: name(str(v)) })
const nested = (label: string) => (v: Json): Line => ({ label, lines: linesOf(v) })
const linked = (label: string, path: string) => (v: Json): Line => ({ label, text: '打开', to: `/${path}/${str(v)}` })

const approval = (label: string) => (v: Json): Line =>
  isFields(v) ? { label, text: approvalText({ name: str(v.name), post: str(v.post), opinion: str(v.opinion), approvedOn: str(v.approvedOn) }) } : { label, text: '' }

const fields: Record<string, (v: Json) => Line> = {
  number: plain('立案号'), text: plain('编号'), serial: plain('序号'), givenTo: (v) => ({ label: '给予', text: shortId(str(v)) }),
  series: (v) => ({ label: '文号序列', text: isFields(v) ? `${str(v.docCode)}${str(v.kind)}〔${str(v.year)}〕` : '' }),
  source: coded('来源', names.source), kind: coded('问题类型', names.kind), regime: coded('适用法规体系', names.regime), district: coded('板块', names.district),
  result: coded('核查结果', (c) => nameOf(c, resultNames)), reason: (v) => ({ label: '理由', text: /^[a-z_.]+$/.test(str(v)) ? names.reason(str(v)) : str(v) }), means: coded('方式', names.means),
  reach: (v) => ({ label: '河段', text: isFields(v) ? `${str(v.name)}（${names.district(str(v.district))}，${names.regime(str(v.regime))}）` : names.reach(str(v)) || shortId(str(v)) }),
  reaches: (v) => ({ label: '河段', text: list(v).map((id) => names.reach(str(id)) || shortId(str(id))).join('、') }),
  organ: (v) => ({ label: '单位', text: isFields(v) ? `${str(v.name)}（${str(v.docCode)}）` : names.organ(str(v)) || shortId(str(v)) }),
  place: (v) => {
    if (!isFields(v)) return { label: '地点', text: '' }
    const accuracy = Number(v.accuracyCm ?? 0)
    return {
      label: '地点',
      text: [formatPoint({ latE6: Number(v.latE6), lonE6: Number(v.lonE6) }), str(v.datum), names.placeSource(str(v.source)), accuracy ? `精度 ±${accuracy / 100} 米` : '', str(v.note)].filter(Boolean).join('，'),
    }
  },
  vessel: (v) => ({
    label: '船舶',
    text: isFields(v) ? [str(v.name) || '无船名', v.mmsi ? `MMSI ${str(v.mmsi)}` : '', names.vesselType(str(v.type)), names.vesselPapers(str(v.papers))].filter(Boolean).join('，') : '',
  }),
  photos: (v) => ({
    label: '照片等证据', text: list(v).length ? `${list(v).length} 件` : '无',
    lines: list(v).map((p, n) => ({ label: `第 ${n + 1} 件`, text: isFields(p) ? [str(p.caption), str(p.mediaType), `${Math.ceil(Number(p.size) / 1024).toLocaleString('zh-CN')} KB`, p.takenAt ? `摄于 ${formatSeconds(str(p.takenAt))}` : '', `SHA-256 ${str(p.sha256)}`].filter(Boolean).join('，') : '' })),
  }),
  crew: (v) => ({ label: '执法人员', text: officersText(v) }), handlers: (v) => ({ label: '承办人', text: officersText(v) }), officers: (v) => ({ label: '执法人员', text: officersText(v) }),
  points: (v) => {
    const points = list(v).filter(isFields)
    const [first, last] = [points[0], points.at(-1)]
    return { label: '轨迹', text: `${points.length} 点${first && last ? `，${formatSeconds(str(first.at))} 至 ${formatSeconds(str(last.at))}` : ''}` }
  },
  filing: nested('立案审批表'), approval: approval('审批意见'), unitHead: approval('执法机构负责人意见'), organHead: approval('执法机关负责人意见'),
  ground: (v) => (isFields(v) ? { label: '立案时的依据', lines: linesOf(v) } : { label: '结案方式', text: names.ground(str(v)) }),
  title: plain('案件名称'), summary: plain('案情摘要'), conductEndedOn: plain('违法行为终了之日'), graveHarm: (v) => ({ label: '有严重危害后果', text: yes(v) }),
  violation: (v) => {
    const known = violationOf(str(v))
    return { label: '案由', text: known ? `${known.name}（${known.basis}）` : names.violation(str(v)) }
  },
  parties: (v) => ({
    label: '当事人',
    lines: list(v).filter(isFields).map((p, n) => ({
      label: `第 ${n + 1} 方`,
      text: [str(p.name), nameOf(str(p.kind), partyKinds), p.idNo ? `证件 ${masked(str(p.idNo))}` : '', p.legal ? `法定代表人 ${str(p.legal)}` : '', p.phone ? `电话 ${masked(str(p.phone))}` : '', str(p.address)].filter(Boolean).join('，'),
    })),
  }),
  conditions: (v) => ({
    label: '立案条件',
    text: isFields(v) ? `有违法事实：${yes(v.violationFact)}；应当给予处罚：${yes(v.punishable)}；属本机关管辖：${yes(v.ownJurisdiction)}` : '',
  }),
  discoveredOn: plain('发现之日'), filedOn: plain('立案之日'), description: plain('情况描述'), note: plain('说明'), purpose: plain('事由'),
  persons: plain('在场人数', ' 人'), areaM2: plain('面积', ' 平方米'), lengthM: plain('长度', ' 米'), volumeM3: plain('体积', ' 立方米'), distanceM: plain('里程', ' 米'),
  foundAt: time('发现时间'), verifiedAt: time('核查时间'), decidedAt: time('决定时间'), approvedAt: time('审批时间'), filedAt: time('立案时间'), closedAt: time('结案时间'),
  departedAt: time('出发时间'), returnedAt: time('结束时间'),
  receiver: plain('接收机关'), receipt: plain('回执文号'), case: linked('案件', 'cases'), finding: linked('线索', 'findings'), patrol: linked('巡查', 'patrols'),
  name: plain('名称'), docCode: plain('机关代字'), water: plain('所属河湖'), roles: (v) => ({ label: '角色', text: list(v).map((r) => names.role(str(r))).join('、') }),
  certNo: plain('执法证号'), from: plain('有效期起'), until: plain('有效期止'), latE6: (v) => ({ label: '参考点北纬', text: `${(Number(v) / 1e6).toFixed(6)}°` }), lonE6: (v) => ({ label: '参考点东经', text: `${(Number(v) / 1e6).toFixed(6)}°` }),
}

export function known(field: string): boolean {
  return field in fields
}

export function linesOf(data: unknown): Line[] {
  if (!isFields(data as Json)) return []
  return Object.entries(data as Fields)
    .filter(([, v]) => v !== undefined && v !== null && v !== '')
    .map(([key, v]) => fields[key]?.(v) ?? { label: `其他（${key}）`, text: typeof v === 'object' ? JSON.stringify(v) : str(v) })
}

/** How far the time of an event can be trusted. */
export function clockText(clock: { kind: string; uncertaintyMs: number }): string {
  const name = nameOf(clock.kind, clockKinds)
  const ms = clock.uncertaintyMs
  if (!ms) return name
  const size = ms >= 3600_000 ? `${Math.round(ms / 3600_000)} 小时` : ms >= 60_000 ? `${Math.round(ms / 60_000)} 分钟` : `${Math.max(1, Math.round(ms / 1000))} 秒`
  return `${name}，误差 ±${size}`
}

/** 「晚 7 小时」 when an event was entered later than it happened by more than a minute. */
export function lateness(occurredAt: string, recordedAt: string): string {
  const minutes = Math.round((Date.parse(recordedAt) - Date.parse(occurredAt)) / 60_000)
  if (!(minutes > 1)) return ''
  if (minutes < 60) return `晚 ${minutes} 分钟`
  if (minutes < 48 * 60) return `晚 ${Math.round(minutes / 60)} 小时`
  return `晚 ${Math.round(minutes / 1440)} 天`
}
