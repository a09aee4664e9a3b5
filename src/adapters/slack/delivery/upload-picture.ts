import { setTimeout as wait } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { RetryAt } from '../../../use-cases/retry-at.ts';
import { slackFailure } from '../slack-failure.ts';

export interface PictureFile {
  readonly name: string;
  readonly title: string;
  readonly alt: string;
  readonly content: Uint8Array;
}

const UPLOAD_TIMEOUT_MS = 20_000;
/** Slack takes less here than in a block. */
const ALT_LENGTH = 1_000;
/** Pauses between looks at a file that Slack still works on; together five seconds, then the job comes again. */
const PAUSES_MS = [100, 200, 400, 800, 1_500, 2_000] as const;
const LATER_MS = 20_000;

const announced = z.object({ upload_url: z.url(), file_id: z.string() });
const shown = z.object({ file: z.object({ id: z.string(), mimetype: z.string().optional() }) });

/**
 * Uploads a picture, shared with nobody: the cards that show it share it. `announce` is awaited with the file's id before the
 * upload ends, so that whoever comes after a crash can look for it.
 * @throws what Slack answers; Error where the content can't be sent
 */
export async function uploadPicture(
  web: WebClient,
  { name, title, alt, content }: PictureFile,
  announce: (fileId: string) => Promise<void>,
): Promise<string> {
  const asked = { filename: name, length: content.byteLength, alt_txt: alt.slice(0, ALT_LENGTH) };
  const { upload_url, file_id } = announced.parse(await web.files.getUploadURLExternal(asked));
  const response = await fetch(upload_url, {
    method: 'POST',
    body: Buffer.from(content),
    headers: { 'content-type': 'application/octet-stream' },
    signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`The picture could not be sent: HTTP ${response.status}.`);
  await announce(file_id);
  await web.files.completeUploadExternal({ files: [{ id: file_id, title }] });
  return file_id;
}

/** Whether an upload whose end is unknown came to its end. @throws what Slack answers otherwise */
export async function isUploaded(web: WebClient, fileId: string): Promise<boolean> {
  try {
    await web.files.info({ file: fileId });
    return true;
  } catch (error) {
    const failure = slackFailure(error);
    if (failure?.kind === 'refused' && GONE.has(failure.code)) return false;
    throw error;
  }
}

const GONE = new Set(['file_not_found', 'file_deleted']);

/**
 * Waits until a block may show the file: Slack knows what it is some time after the upload, and refuses the block before.
 * @throws RetryAt where that takes long; what Slack answers
 */
export async function untilUsable(web: WebClient, fileId: string): Promise<void> {
  for (const pause of [...PAUSES_MS, null]) {
    const { file } = shown.parse(await web.files.info({ file: fileId }));
    if (file.mimetype) return;
    if (pause !== null) await wait(pause);
  }
  throw new RetryAt(new Date(Date.now() + LATER_MS), 'Slack still works on the picture.');
}
