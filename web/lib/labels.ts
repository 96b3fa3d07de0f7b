// Chinese names of codes. The server's reference list is the authority; what stands here is for the time before it was first
// read, and for tags. A code that neither knows is shown as 「其他（code）」, never alone.
import type { Named, Reference } from './types'

const named = (entries: Record<string, string>): Named[] => Object.entries(entries).map(([code, name]) => ({ code, name }))

export const kinds = named({
  'sand.mining': '非法采砂', 'sand.vessel': '采砂船', 'shoreline.occupy': '乱占', 'shoreline.extract': '乱采', 'shoreline.dump': '乱堆', 'shoreline.build': '乱建',
})
export const sources = named({
  patrol: '巡查发现', tip: '投诉举报', transfer: '其他机关移送', superior: '上级交办', simple: '简易程序转入', media: '媒体曝光', satellite: '卫星遥感', device: '监控设备',
})
export const findingStatuses = named({
  reported: '待核查', verified: '已核查，待处理', unfounded: '核查不属实', not_filed: '不予立案', filing: '立案办理中', filed: '已立案',
})
export const caseStatuses = named({ filed: '已立案', closed: '已结案' })
export const patrolStatuses = named({ active: '巡查中', returned: '已结束' })
export const means = named({ boat: '乘船', vehicle: '乘车', foot: '徒步', drone: '无人机' })
export const vesselTypes = named({ dredger: '采砂船', carrier: '运砂船', transfer: '过驳船', hidden: '隐形采砂船', other: '其他船舶' })
export const vesselPapers = named({ complete: '证照齐全', incomplete: '证照不全', none: '“三无”船舶', unknown: '暂未查明' })
export const reasons = named({
  no_violation: '无违法事实', not_punishable: '依法不予处罚', no_jurisdiction: '不属本机关管辖', time_barred: '超过追责时效', duplicate: '重复线索', corrected: '轻微并已改正',
})
export const grounds = named({
  withdrawn: '撤销立案', terminated: '终止调查', handed_over: '移送其他机关', transferred_criminal: '移送司法机关', performed: '处罚决定执行完毕',
})
export const roles = named({
  officer: '执法人员', handler: '承办人', reviewer: '法制审核', head: '负责人', supervisor: '督查', clerk: '统计', auditor: '审计', admin: '系统管理',
})
export const regimes = named({ yangtze: '长江干流', taihu: '太湖、望虞河', inland: '其他河湖' })
export const placeSources = named({ gnss: '卫星定位', map: '河段位置', document: '手工填写' })
export const commandTypes = named({
  'patrol.depart': '出巡', 'patrol.track': '轨迹', 'patrol.return': '结束巡查', 'finding.report': '线索上报', 'finding.verify': '线索核查',
  'finding.do_not_file': '不予立案', 'finding.approve_filing': '立案审批', 'case.close': '结案',
})

/** The name of a code in the first list that knows it. */
export function nameOf(code: string | undefined, ...lists: (readonly Named[] | undefined)[]): string {
  if (!code) return ''
  for (const list of lists) {
    const hit = list?.find((entry) => entry.code === code)
    if (hit) return hit.name
  }
  return `其他（${code}）`
}

export const isSand = (kind: string): boolean => kind.startsWith('sand.')

/** Lists to choose from: the server's where it was read, else the ones above. */
export function choices(reference: Reference | undefined): Pick<Reference, 'kinds' | 'means' | 'vesselTypes' | 'vesselPapers' | 'sources'> {
  const or = (list: Named[] | undefined, fallback: Named[]): Named[] => (list?.length ? list : fallback)
  return {
    kinds: or(reference?.kinds, kinds), means: or(reference?.means, means), sources: or(reference?.sources, sources),
    vesselTypes: or(reference?.vesselTypes, vesselTypes), vesselPapers: or(reference?.vesselPapers, vesselPapers),
  }
}
