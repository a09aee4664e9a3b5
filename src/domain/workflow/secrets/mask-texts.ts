import { TooManySecretsError } from './find-secrets.ts';
import { type KeyedHash, maskDocument } from './mask-document.ts';

/**
 * Masks the secrets in each of several JSON texts, as one document: what is a secret in one is masked in the others too.
 * Null where one holds more secrets than anything could. Texts without a secret come back as they were.
 */
export async function maskTexts(texts: readonly string[], hash: KeyedHash): Promise<(string | null)[]> {
  const [only] = texts;
  if (only === undefined) return [];
  const whole = `[${texts.join(',')}]`;
  try {
    const { source, secrets } = await maskDocument(whole, hash);
    if (secrets.length === 0) return [...texts];
    return (JSON.parse(source) as unknown[]).map((value) => JSON.stringify(value));
  } catch (error) {
    if (!(error instanceof TooManySecretsError)) throw error;
    if (texts.length === 1) return [null];
    const middle = texts.length >> 1;
    const halves = [texts.slice(0, middle), texts.slice(middle)];
    return (await Promise.all(halves.map((half) => maskTexts(half, hash)))).flat();
  }
}
