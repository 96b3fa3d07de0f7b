// Photos as evidence. The original bytes are hashed before anything else happens to them and are never touched again; what is
// drawn on is a smaller copy for looking at.
import { formatPointShort } from '@lib/coordinates'
import { formatSeconds, withOffset } from '@lib/time'
import { uuidv7 } from '@lib/uuid'
import { account } from './account'
import { db, recall, type MediaRow } from './database'
import { freshFix } from './position'

/** Why a picture was not taken in; the message is for the officer. */
export class NotTaken extends Error {}

/** What the bytes are, by their beginning: the name and the browser's guess are both not to be relied on. */
export function sniff(head: Uint8Array): string | undefined {
  const text = (from: number, to: number): string => String.fromCharCode(...head.subarray(from, to))
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'image/jpeg'
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png'
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'image/webp'
  return undefined
}

export async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes)
  return Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, '0')).join('')
}

/** Older than this when it comes in, a picture was not just taken. */
const justTakenMs = 3 * 60_000

export function shotNow(media: Pick<MediaRow, 'takenAt' | 'id'>, madeAtMs: number): boolean {
  return Math.abs(madeAtMs - Date.parse(media.takenAt)) <= justTakenMs
}

/** Takes one file into a draft. The bytes are copied at once: a file handle can be dead after a restart. */
export async function take(file: File, owner: string): Promise<MediaRow> {
  const user = account.me?.officer
  if (!user) throw new NotTaken('请先登录。')
  const now = Date.now()
  const fix = freshFix(now)
  const bytes = await file.arrayBuffer().catch(() => { throw new NotTaken('照片读取失败，请重新拍摄。') })
  const hash = await sha256(bytes)
  const mediaType = sniff(new Uint8Array(bytes, 0, Math.min(16, bytes.byteLength)))
  if (!mediaType) throw new NotTaken('照片格式不支持，请使用 JPG 或 PNG。苹果手机请在“设置 › 相机 › 格式”中选择“兼容性最佳”。')
  if (bytes.byteLength > 200 * 1024 * 1024) throw new NotTaken('照片超过 200 MB，无法上传，请重新拍摄。')
  const left = await spaceLeft()
  if (left !== undefined && left < bytes.byteLength * 2 + 50 * 1024 * 1024) {
    throw new NotTaken(`本机空间不足（剩 ${Math.floor(left / 1024 / 1024)} MB），照片没有保存。请先上传待传箱里的记录，或清理手机空间。`)
  }
  const taken = file.lastModified > 0 && now - file.lastModified > justTakenMs ? file.lastModified : now
  const original = new Blob([bytes], { type: mediaType })
  const row: MediaRow = {
    id: uuidv7(now), user, owner, sha256: hash, size: bytes.byteLength, mediaType, name: file.name.slice(0, 80) || 'photo', caption: '',
    takenAt: withOffset(taken), state: 'held', sent: 0, attempts: 0, nextAt: 0,
    ...(fix ? { fix: { latE6: fix.latE6, lonE6: fix.lonE6, accuracyM: fix.accuracyM } } : {}),
  }
  const preview = await watermarked(original, row).catch(() => undefined) // a copy that cannot be drawn must not cost the original
  try {
    await db.transaction('rw', db.media, db.bytes, db.kept, async () => {
      const twin = (await db.media.where('owner').equals(owner).toArray()).some((m) => m.sha256 === hash)
      if (twin) throw new NotTaken('这张照片已经添加过了。')
      const previous = await recall<string>('lastCapture')
      await db.media.add(previous && previous !== hash ? { ...row, previous } : row)
      await db.bytes.add({ id: row.id, original, ...(preview ? { preview } : {}) })
      await db.kept.put({ key: 'lastCapture', value: hash, at: now })
    })
  } catch (error) {
    if (error instanceof NotTaken) throw error
    const inner = error instanceof Error ? error : undefined
    if (inner?.name === 'QuotaExceededError' || /quota/i.test(inner?.message ?? '')) {
      throw new NotTaken('本机空间不足，照片没有保存。请先上传待传箱里的记录，或清理手机空间。')
    }
    throw new NotTaken('照片没有保存成功，请重新拍摄。')
  }
  return row
}

export async function spaceLeft(): Promise<number | undefined> {
  const estimate = await navigator.storage?.estimate?.()
  return estimate?.quota === undefined ? undefined : estimate.quota - (estimate.usage ?? 0)
}

async function watermarked(original: Blob, row: MediaRow): Promise<Blob> {
  const full = await createImageBitmap(original)
  const scale = Math.min(1, 1600 / Math.max(full.width, full.height))
  const width = Math.max(1, Math.round(full.width * scale))
  const height = Math.max(1, Math.round(full.height * scale))
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('no canvas')
  pen.drawImage(full, 0, 0, width, height)
  full.close()
  const me = account.me
  const lines = [
    `${formatSeconds(row.takenAt)}  ${me?.name ?? ''} ${me?.certNo ?? ''}`.trim(),
    row.fix ? `${formatPointShort(row.fix)}  ±${Math.round(row.fix.accuracyM)} 米` : '拍摄时没有定位',
    `SHA-256 ${row.sha256.slice(0, 12)}`,
  ]
  const size = Math.max(14, Math.round(width / 42))
  pen.font = `600 ${size}px "PingFang SC","HarmonyOS Sans SC","MiSans","Microsoft YaHei","Noto Sans CJK SC",sans-serif`
  pen.textBaseline = 'top'
  const top = height - lines.length * size * 1.45 - size * 0.6
  pen.fillStyle = 'rgba(0,0,0,.55)'
  pen.fillRect(0, top, width, height - top)
  pen.fillStyle = '#fff'
  lines.forEach((line, n) => pen.fillText(line, size * 0.7, top + size * 0.4 + n * size * 1.45, width - size * 1.4))
  return await new Promise<Blob>((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no blob'))), 'image/jpeg', 0.85)
  })
}

export function formatSize(bytes: number): string {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`
  if (bytes < 1024 ** 3) return `${(bytes / 1024 ** 2).toFixed(bytes < 10 * 1024 ** 2 ? 1 : 0)} MB`
  return `${(bytes / 1024 ** 3).toFixed(1)} GB`
}
