// Puts what the server objects to beside the field it is about.
import { Refused, Unreachable } from '@lib/api'
import type { Problem } from '@lib/types'

export interface Placed {
  /** Field of the form → message. */
  fields: Record<string, string>
  /** Objections to nothing that the form shows. */
  rest: string[]
}

/**
 * Field paths differ in how much of the body they name: the check of form says `data.filing.parties[0].name`, a rule of law only
 * `unitHead.approvedOn`. A path belongs to the longest field it ends with.
 */
export function place(problem: Problem | undefined, known: readonly string[]): Placed {
  const placed: Placed = { fields: {}, rest: [] }
  for (const error of problem?.errors ?? []) {
    const path = error.field.replace(/\.(\d+)(?=\.|$)/g, '[$1]')
    const owner = known
      .filter((field) => path === field || path.endsWith(`.${field}`) || within(path, field))
      .sort((a, b) => b.length - a.length)[0]
    if (owner === undefined) placed.rest.push(error.message)
    else placed.fields[owner] ??= error.message
  }
  return placed
}

/** A list's own field takes what is said of its members, where they have no field themselves: handlers[1] → handlers. */
function within(path: string, field: string): boolean {
  return new RegExp(`(^|\\.)${field.replace(/[.[\]]/g, '\\$&')}\\[\\d+\\]$`).test(path)
}

/** What a failure says to a person. */
export interface Said {
  title: string
  detail: string
  article?: string
  traceId?: string
}

export function said(error: unknown): Said {
  if (error instanceof Refused) {
    const { title, detail, article, traceId } = error.problem
    return { title, detail: detail && detail !== title ? detail : advice(error.status), ...(article ? { article } : {}), ...(traceId ? { traceId } : {}) }
  }
  if (error instanceof Unreachable) return { title: '连不上服务器', detail: '请检查网线或网络连接，然后点「重试」。已经保存的内容不受影响。' }
  return { title: '页面程序出错', detail: '请刷新页面；如仍不行，请把出错时正在做的事告诉系统管理员。' }
}

function advice(status: number): string {
  if (status === 403) return '如工作需要，请联系系统管理员调整角色。'
  if (status === 404) return '请核对地址，或从台账中重新打开。'
  if (status === 429) return '请稍候一分钟再试。'
  return status >= 500 ? '请稍后点「重试」；如反复出现，请把追踪号告诉系统管理员。' : '请返回上一页后再试。'
}

/** Whether the server certainly did not act. Anything else leaves open whether it did. */
export function definite(error: unknown): boolean {
  return error instanceof Refused && error.status >= 400 && error.status < 500 && ![408, 425, 429].includes(error.status)
}
