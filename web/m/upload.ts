// Resumable upload of one photo. The library is loaded when the first photo is due, so the first screen does not wait for it.
import { Refused, Unreachable } from '@lib/api'
import type { Problem } from '@lib/types'
import type { MediaRow } from './database'

/** Small enough that a cut connection costs little, large enough that a good one is not slowed by round trips. */
const chunk = 2 * 1024 * 1024

export async function upload(media: MediaRow, bytes: Blob, progress: (sent: number) => void): Promise<void> {
  let tus: typeof import('tus-js-client')
  try {
    tus = await import('tus-js-client')
  } catch {
    throw new Unreachable()
  }
  await new Promise<void>((resolve, reject) => {
    const task = new tus.Upload(bytes, {
      endpoint: '/api/v1/evidence/',
      metadata: { sha256: media.sha256, filename: media.name, filetype: media.mediaType },
      chunkSize: chunk,
      retryDelays: null, // the outbox decides when to try again
      // The hash is the identity of the bytes: an upload begun before a crash, or for another report, is the same upload.
      fingerprint: () => Promise.resolve(`evidence-${media.sha256}`),
      removeFingerprintOnSuccess: true,
      onProgress: (sent) => progress(sent),
      onSuccess: () => resolve(),
      onError: (error) => reject(translate(error)),
    })
    task.findPreviousUploads().then((earlier) => {
      const last = earlier.sort((a, b) => (a.creationTime < b.creationTime ? 1 : -1))[0]
      if (last) task.resumeFromPreviousUpload(last)
      task.start()
    }).catch(() => task.start()) // no local storage: the upload starts over, which is slow but right
  })
}

function translate(error: Error): Error {
  const response = 'originalResponse' in error ? (error as InstanceType<typeof import('tus-js-client').DetailedError>).originalResponse : null
  const status = response?.getStatus() ?? 0
  if (!response || status === 0) return new Unreachable()
  try {
    const problem = JSON.parse(response.getBody()) as Problem
    if (typeof problem.code === 'string') return new Refused(status, problem)
  } catch {
    // tus itself answers in plain text
  }
  // 409 is an offset that no longer fits, 404/410 an upload the server dropped: both are cured by asking again where to go on.
  return new Refused(status === 409 || status === 404 || status === 410 ? 503 : status, { code: 'response.foreign', title: '照片没有传完，稍后自动续传。', status })
}
