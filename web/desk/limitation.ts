// The look-back period (追责时效), computed as the server computes it and shown with its terms, so that who files sees why.
export interface Limitation {
  years: number
  /** Last day on which a discovery still counts. */
  lastDay: string
  barred: boolean
}

/** The same day n years on; 29 February becomes the 28th where there is none. */
export function addYears(date: string, n: number): string {
  const [y = 0, m = 0, d = 0] = date.split('-').map(Number)
  const at = new Date(Date.UTC(y + n, m - 1, m === 2 && d === 29 ? 28 : d))
  return at.toISOString().slice(0, 10)
}

const isDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text)

/** Undefined until both days are known. */
export function limitation(conductEndedOn: string, discoveredOn: string, grave: boolean): Limitation | undefined {
  if (!isDate(conductEndedOn) || !isDate(discoveredOn)) return undefined
  const years = grave ? 5 : 2
  const lastDay = addYears(conductEndedOn, years)
  return { years, lastDay, barred: discoveredOn > lastDay }
}

export function limitationText(conductEndedOn: string, discoveredOn: string, grave: boolean): string {
  const l = limitation(conductEndedOn, discoveredOn, grave)
  if (!l) return '填写违法行为终了之日后自动计算。'
  return `行为终了 ${conductEndedOn} ＋ ${l.years} 年 ＝ ${l.lastDay} 届满；发现于 ${discoveredOn}，${l.barred ? '已超过追责时效' : '未超过追责时效'}。`
}
