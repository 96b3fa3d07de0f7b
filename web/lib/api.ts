// The one way to the server. Every failure is one of two things, and callers must tell them apart: the server said no, and
// said why (Refused), or nobody answered, and nothing is known (Unreachable).
import type { Accepted, Command, Me, Page, Problem } from './types'

/** The server answered, and the answer is a problem. Its detail is Chinese and says what to do. */
export class Refused extends Error {
  readonly status: number
  readonly problem: Problem
  /** How long the server asks to wait, if it does. */
  readonly retryAfterMs?: number
  constructor(status: number, problem: Problem, retryAfterMs?: number) {
    super(problem.detail || problem.title)
    this.name = 'Refused'
    this.status = status
    this.problem = problem
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs
  }
}

/** No answer: no network, a cut connection, or a time-out. Whether the server acted is unknown. */
export class Unreachable extends Error {
  constructor(message = '没有网络，或服务器没有应答。') {
    super(message)
    this.name = 'Unreachable'
  }
}

export interface CallOptions {
  body?: unknown
  query?: Record<string, string | number | readonly string[] | undefined>
  /** Log position that the answer must be at least as new as; the server waits a moment for it. */
  waitFor?: number
  signal?: AbortSignal
  timeoutMs?: number
}

const listeners = new Set<(answered: boolean) => void>()

/** Calls back after every request with whether anybody answered it. */
export function onContact(listener: (answered: boolean) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function contact(answered: boolean): void {
  for (const listener of listeners) listener(answered)
}

let clockOffsetMs: number | undefined

/** How far the server's clock was ahead of this device's when it last answered, to a second; undefined while unknown. */
export function serverClockOffset(): number | undefined {
  return clockOffsetMs
}

function address(path: string, query: CallOptions['query']): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === '') continue
    if (typeof value === 'object') for (const v of value) search.append(key, v)
    else search.set(key, String(value))
  }
  const text = search.toString()
  return `/api/v1${path}${text ? `?${text}` : ''}`
}

async function send(method: string, path: string, options: CallOptions): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json, application/problem+json' }
  if (options.body !== undefined) headers['Content-Type'] = 'application/json'
  if (options.waitFor) headers['Shuizheng-Wait'] = String(options.waitFor)
  const abort = new AbortController()
  const stop = (): void => abort.abort()
  const timer = setTimeout(stop, options.timeoutMs ?? 20_000)
  options.signal?.addEventListener('abort', stop)
  if (options.signal?.aborted) stop()
  const sent = Date.now()
  let response: Response
  let text: string
  try {
    response = await fetch(address(path, options.query), {
      method, headers, body: options.body === undefined ? null : JSON.stringify(options.body),
      // The server never redirects an API call; whoever does is a portal in between, and its answer must not pass for ours.
      credentials: 'same-origin', cache: 'no-store', redirect: 'error', signal: abort.signal,
    })
    text = method === 'HEAD' ? '' : await response.text() // a connection cut in the middle of a body is no answer either
  } catch (error) {
    if (options.signal?.aborted) throw error
    contact(false)
    throw new Unreachable()
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', stop)
  }
  const date = Date.parse(response.headers.get('Date') ?? '')
  if (!Number.isNaN(date)) clockOffsetMs = Math.round(date + 500 - (sent + Date.now()) / 2)
  contact(true)
  if (response.ok) return new Response(response.status === 204 ? null : text, { status: response.status, headers: response.headers })
  throw refusal(response, text)
}

function refusal(response: Response, text: string): Refused {
  const after = Number(response.headers.get('Retry-After') ?? '')
  const wait = after > 0 ? after * 1000 : undefined
  try {
    const problem = JSON.parse(text) as Problem
    if (typeof problem.code === 'string' && typeof problem.title === 'string') return new Refused(response.status, problem, wait)
  } catch {
    // Not ours: a proxy's page, or nothing (an answer to HEAD). The status alone decides.
  }
  return new Refused(response.status, { code: 'response.foreign', title: foreignTitle(response.status), status: response.status }, wait)
}

function foreignTitle(status: number): string {
  if (status === 401) return '登录已过期，请重新登录。'
  if (status === 403) return '没有权限，请联系管理员。'
  if (status === 404) return '没有找到。'
  if (status === 413) return '内容太大，服务器不接收。'
  if (status === 429) return '请求太频繁，请稍候。'
  return status >= 500 ? '服务器暂时不能处理，请稍候再试。' : '服务器没有接受这次请求。'
}

/** Calls the server and returns the JSON it answers with; undefined for an empty answer. */
export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  const response = await send(method, path, options)
  const text = await response.text()
  if (text === '') return undefined as T
  try {
    return JSON.parse(text) as T
  } catch {
    throw new Unreachable('服务器的应答不完整。') // a portal's login page answers 200 with HTML
  }
}

export function get<T>(path: string, options: CallOptions = {}): Promise<T> {
  return call<T>('GET', path, options)
}

/** Whether the server holds the bytes with this hash. */
export async function evidenceStored(sha256: string, signal?: AbortSignal): Promise<boolean> {
  try {
    await send('HEAD', `/evidence/sha256/${sha256}`, signal ? { signal } : {})
    return true
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return false
    throw error
  }
}

export function evidenceAddress(sha256: string): string {
  return `/api/v1/evidence/sha256/${sha256}`
}

/** Gives a command. Repeating it with the same id is safe: the server answers with the first result. */
export async function give(id: string, command: Command, options: CallOptions = {}): Promise<Accepted> {
  const accepted = await call<Accepted | undefined>('PUT', `/commands/${id}`, { ...options, body: command })
  if (typeof accepted?.position !== 'number' || typeof accepted.stream !== 'string') throw new Unreachable('服务器的应答不完整。')
  return accepted
}

export const session = {
  read: (options: CallOptions = {}): Promise<Me> => get<Me>('/session', options),
  open: (account: string, password: string): Promise<Me> => call<Me>('POST', '/session', { body: { account, password } }),
  close: (): Promise<void> => call<void>('DELETE', '/session', { timeoutMs: 8000 }),
  changePassword: (old: string, next: string): Promise<void> => call<void>('POST', '/session/password', { body: { old, new: next } }),
}

/** Reads a list to its end; for reference data that is small by nature. */
export async function all<T>(path: string, options: CallOptions = {}): Promise<T[]> {
  const items: T[] = []
  let cursor: string | undefined
  do {
    const query: CallOptions['query'] = { limit: 200, ...options.query, ...(cursor ? { cursor } : {}) }
    const page = await get<Page<T>>(path, { ...options, query })
    items.push(...page.items)
    cursor = page.next || undefined
  } while (cursor)
  return items
}

/** One Chinese sentence for a person, whatever went wrong. */
export function sentence(error: unknown): string {
  if (error instanceof Refused) {
    const text = error.problem.detail || error.problem.title
    return error.problem.article && !text.includes(error.problem.article) ? `${text}（${error.problem.article}）` : text
  }
  if (error instanceof Unreachable) return error.message
  return '程序遇到意外错误，请返回上一页再试；如仍不行，请联系管理员。'
}
