import { z } from 'zod';
import { Refusal } from '../../../domain/refusal.ts';
import type { SlackContext } from '../slack-context.ts';

/** A file that a person put into a form. In shared channels Slack tells its id alone. */
export const slackFile = z.object({
  id: z.string(),
  name: z.string().nullish(),
  size: z.number().optional(),
  url_private_download: z.string().optional(),
});
export type SlackFile = z.infer<typeof slackFile>;

const MAX_BYTES = 10 * 1024 * 1024;
const TIMEOUT_MS = 30_000;
const info = z.object({ file: slackFile });

/**
 * The text of a file. The token goes to Slack's own hosts only, redirects are not followed, and reading stops at 10 MB.
 *
 * @throws Refusal invalid_input for a file that is too large or no text, unavailable where Slack does not hand it out
 */
export async function downloadFile(
  context: Pick<SlackContext, 'web' | 'apiUrl' | 'botToken' | 'log'>,
  file: SlackFile,
): Promise<string> {
  const known =
    file.url_private_download === undefined ? info.parse(await context.web.files.info({ file: file.id })).file : file;
  if ((known.size ?? 0) > MAX_BYTES) throw tooLarge();
  const url = known.url_private_download;
  if (url === undefined || !isSlacks(url, context.apiUrl)) throw notHandedOut();
  const bytes = await download(context, url);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal(
      'invalid_input',
      'This file is no UTF-8 text. Export the workflow as JSON or YAML and push that.',
    );
  }
}

async function download({ botToken, log }: Pick<SlackContext, 'botToken' | 'log'>, url: string): Promise<Uint8Array> {
  try {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${botToken}` },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    // Without the right to read a file Slack answers with its sign-in page.
    const isSignIn = response.headers.get('content-type')?.startsWith('text/html') === true;
    if (!response.ok || isSignIn || response.body === null) {
      log.warn({ status: response.status, isSignIn }, 'Slack did not hand out a file');
      throw notHandedOut();
    }
    return await readBounded(response.body);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    log.warn({ err: error }, 'A file could not be read from Slack');
    throw notHandedOut();
  }
}

async function readBounded(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    // Leaving the loop cancels the stream.
    if (size > MAX_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Whether an address is Slack's own, or of the same origin as the API that stands in for it. */
export function isSlacks(address: string, apiUrl: string | null): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (apiUrl !== null && url.origin === new URL(apiUrl).origin) return true;
  return (
    url.protocol === 'https:' &&
    (url.hostname === 'slack.com' || url.hostname.endsWith('.slack.com')) &&
    url.username === ''
  );
}

function tooLarge(): Refusal {
  return new Refusal(
    'invalid_input',
    'This file is larger than 10 MB, the most a workflow may have. Push a smaller one.',
  );
}

function notHandedOut(): Refusal {
  return new Refusal('unavailable', 'Slack did not hand out the file, so nothing was pushed. Try again in a minute.');
}
