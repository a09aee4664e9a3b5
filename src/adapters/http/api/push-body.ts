import { z } from 'zod';
import { closedObject } from '../../../domain/configuration/closed-object.ts';
import { LIMITS } from '../../../domain/workflow/limits.ts';
import { InvalidRequest, RequestProblem } from '../request-problem.ts';
import { onBehalfOf } from './schemas.ts';

/** What may be said beside a pushed file, in the address or around the file. */
const beside = {
  fileName: z.string().min(1).max(500).optional().describe('Helps to tell the format and to name problems.'),
  label: z.string().min(1).max(100).optional().describe('A name for this version, such as add-urgency-classifier.'),
  note: z.string().max(10_000).optional().describe('What changed and why.'),
  sourceCommit: z.string().min(1).max(200).optional().describe('The commit that the file comes from.'),
  department: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Of a new workflow; required where departments are configured.'),
  owner: onBehalfOf.describe('Slack user id of a new workflow’s owner.').optional(),
  format: z.string().min(1).max(100).optional().describe('Forces a format instead of telling it from the file.'),
  onBehalfOf: onBehalfOf.optional(),
};

export const pushQuery = closedObject(beside);
export const pushEnvelope = closedObject({
  source: z
    .string()
    .min(1, { error: 'is empty; send the workflow file’s text' })
    .describe(
      'The text of the workflow file; of several, a bundle: {"towpathBundle":1,"files":[{"path":"…","content":"…"}]} as text.',
    ),
  ...beside,
}).meta({ id: 'Push' });

export type Pushed = z.infer<typeof pushEnvelope>;

/** As JSON text a file grows by its escapes. */
export const LONGEST_ENVELOPE = 2 * LIMITS.bytes + 64 * 1024;
export const LONGEST_FILE = LIMITS.bytes;

/**
 * What was pushed. JSON with a text `source` at its top is the envelope; any other JSON, and all YAML, is the file itself.
 * @throws RequestProblem
 */
export function readPush(body: Buffer, mediaType: string, query: z.infer<typeof pushQuery>): Pushed {
  const text = decode(body);
  const envelope = mediaType.includes('json') ? findEnvelope(text) : null;
  if (envelope !== null) return { ...query, ...parseEnvelope(envelope) };
  if (body.length > LONGEST_FILE)
    throw new RequestProblem(
      'too_large',
      'A workflow file may have 10 MB at most. Split it, or leave out what is generated.',
    );
  return { ...query, source: text };
}

function decode(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw new RequestProblem(
      'malformed',
      'The file is not UTF-8 text. Save it as UTF-8, uncompressed, and send it again.',
    );
  }
}

function findEnvelope(text: string): object | null {
  const value = parseJson(text);
  const isEnvelope =
    typeof value === 'object' && value !== null && 'source' in value && typeof value.source === 'string';
  return isEnvelope ? value : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch {
    throw new RequestProblem('malformed', 'The body is not JSON. Correct it, or send YAML as application/yaml.');
  }
}

function parseEnvelope(envelope: object): Pushed {
  const parsed = pushEnvelope.safeParse(envelope);
  if (parsed.success) return parsed.data;
  throw new InvalidRequest(
    parsed.error.issues.map(({ path, message }) => ({ path: ['body', ...path].join('/'), message })),
  );
}
