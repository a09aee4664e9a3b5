import { expect, test } from 'vitest';
import { wholeHelp } from '../../../src/adapters/slack/commands/help.ts';
import { USAGE } from '../../../src/adapters/slack/commands/usage.ts';
import { expectTaken } from './support/expect-taken.ts';

test('the whole help fits into one message, with every command and what it does', () => {
  const { text, blocks = [] } = wholeHelp('https://towpath.example.com');
  const shown = JSON.stringify(blocks);
  for (const { form } of Object.values(USAGE)) expect(shown).toContain(form.replaceAll('"', '\\"'));
  expect(shown).not.toContain('Shortened');
  expect(shown).not.toContain('\\n…');
  expectTaken({ text, blocks });
});
