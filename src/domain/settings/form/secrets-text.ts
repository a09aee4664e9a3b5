import type { SecretSource } from '../settings.ts';
import { type ReadLine, type ReadLines, readLines, readRest, writeRest } from './text-line.ts';

type Secrets = Readonly<Record<string, SecretSource>>;

/** Where secrets come from as lines, by name: `OPENAI_API_KEY env:STAGING_KEY`, `… file:/run/secrets/x`, `… vault:secret/crm#token`. */
export function secretsText(secrets: Secrets): string {
  return Object.entries(secrets)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, source]) => `${name} ${writeRest(writeSource(source))}`)
    .join('\n');
}

function writeSource(source: SecretSource): string {
  if ('env' in source) return `env:${source.env}`;
  return 'file' in source ? `file:${source.file}` : `vault:${source.vault.path}#${source.vault.key}`;
}

/** Reads what `secretsText` writes. Names and sources are checked by `settingsSchema`. */
export function readSecrets(text: string): ReadLines<SecretSource> {
  return readLines(text, readSecret);
}

const FORMS =
  'has to say where the secret comes from: NAME env:VARIABLE, NAME file:/path or NAME vault:MOUNT/NAME#KEY. Never write the secret itself';

function readSecret(line: string): ReadLine<SecretSource> {
  const { name, rest } = /^(?<name>[^\s=]+)\s*[\s=]\s*(?<rest>\S.*)$/su.exec(line)?.groups ?? {};
  const source = rest === undefined ? null : readSource(readRest(rest)?.text ?? '');
  return name === undefined || source === null ? { problem: FORMS } : { name, value: source };
}

function readSource(text: string): SecretSource | null {
  const { kind, where } = /^(?<kind>env|file|vault):\s*(?<where>.*)$/isu.exec(text)?.groups ?? {};
  if (kind === undefined || where === undefined) return null;
  if (kind.toLowerCase() === 'env') return { env: where };
  if (kind.toLowerCase() === 'file') return { file: where };
  // No path holds a #; a key may.
  const at = where.indexOf('#');
  return at < 0 ? null : { vault: { path: where.slice(0, at), key: where.slice(at + 1) } };
}
