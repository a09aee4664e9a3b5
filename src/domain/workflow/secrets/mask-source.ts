import { formatBundle } from '../bundle/format-bundle.ts';
import { parseBundle } from '../bundle/parse-bundle.ts';
import { InvalidDefinitionError } from '../invalid-definition-error.ts';
import { LIMITS } from '../limits.ts';
import { assertFewValues } from '../value-limit.ts';
import { MOST_SECRETS, TooManySecretsError } from './find-secrets.ts';
import { type KeyedHash, type MaskedDocument, maskDocument } from './mask-document.ts';

export { type KeyedHash, type MaskedDocument, type MaskedSecret, pushedLine } from './mask-document.ts';

/**
 * What was pushed, with a mask where each secret stood. The same secret under the same key has the same mask, masks are left as
 * they are, and the rest stays byte for byte; of a bundle, each file is masked by itself.
 * @throws InvalidDefinitionError where it is larger than 10 MB or holds more secrets than a workflow could
 */
export async function maskSource(source: string, hash: KeyedHash, fileName?: string): Promise<MaskedDocument> {
  if (source.length > LIMITS.bytes)
    throw new InvalidDefinitionError([{ path: '', message: 'it is larger than 10 MB' }], fileName);
  try {
    const files = parseBundle(source);
    assertFewValues(files?.map(({ content }) => content) ?? [source], fileName);
    return files === null ? await maskDocument(source, hash) : await maskFiles(source, files, hash);
  } catch (error) {
    if (!(error instanceof TooManySecretsError)) throw error;
    const message = `it holds more than ${MOST_SECRETS.toLocaleString('en')} secrets; keep them where they belong and name them, as \${NAME}`;
    throw new InvalidDefinitionError([{ path: '', message }], fileName);
  }
}

async function maskFiles(
  source: string,
  files: NonNullable<ReturnType<typeof parseBundle>>,
  hash: KeyedHash,
): Promise<MaskedDocument> {
  const masked = [];
  for (const { path, content } of files) masked.push({ path, ...(await maskDocument(content, hash)) });
  const secrets = masked.flatMap(({ path, secrets }) => secrets.map((secret) => ({ file: path, ...secret })));
  if (secrets.length > MOST_SECRETS) throw new TooManySecretsError();
  if (secrets.length === 0) return { source, secrets: [], missingLines: [] };
  const kept = formatBundle(masked.map(({ path, source: content }) => ({ path, content })));
  return { source: kept, secrets, missingLines: [] };
}
