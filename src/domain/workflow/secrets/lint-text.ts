import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import type { SecretPart } from './source-text.ts';

const RULES = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator, options: {} }] };

/**
 * The linter sorts and compares all that it found with each other (100,000 keys in one text took 261 s), so it is given a
 * window at a time, each a little over the one before.
 */
const WINDOW = 65_536;
const OVERLAP = 2_048;

/** Secrets by the shape of their kind: keys of some thirty services. In order; parts may overlap. */
export async function lintText(text: string): Promise<SecretPart[]> {
  const parts: SecretPart[] = [];
  // Its own annotations would switch it off.
  const checked = text.replace(/secretlint-(?=disable|enable)/g, 'secretlint_');
  for (let at = 0; at === 0 || at + OVERLAP < text.length; at += WINDOW - OVERLAP) {
    const { messages } = await lintSource({
      source: { filePath: 'workflow.txt', content: checked.slice(at, at + WINDOW), contentType: 'text', ext: '.txt' },
      options: { noPhysicFilePath: true, config: RULES },
    });
    for (const { range, ruleId } of messages) {
      const part = { from: at + range[0], to: at + range[1], kind: kindOf(ruleId) };
      const name = NAME_BEFORE.exec(text.slice(part.from, part.to))?.[0].length ?? 0;
      parts.push({ ...part, from: part.from + name });
    }
  }
  return parts;
}

/** Some rules report the name with its value. */
const NAME_BEFORE = /^[\w-]{1,100}["']?\s*(?:=>|[:=])(?!\/\/)\s*["']?(?=.)/;

function kindOf(ruleId: string): string {
  const name = ruleId.replace(/^.*secretlint-rule-/, '').replace(/[^a-z0-9-]/g, '');
  return KINDS[name] ?? name;
}

const KINDS: Readonly<Record<string, string>> = {
  privatekey: 'private-key',
  basicauth: 'url-password',
  'database-connection-string': 'url-password',
};
