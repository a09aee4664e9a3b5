import { describe, expect, it } from 'vitest';
import {
  afterOffer,
  commandOf,
  completionAt,
  type Vocabulary,
} from '../../../src/adapters/sandbox/page/composer/completion.ts';
import type { SandboxPerson } from '../../../src/adapters/sandbox/protocol.ts';

const person = (id: string, name: string, realName: string, title: string): SandboxPerson => ({
  id,
  name,
  realName,
  title,
  colour: '#123456',
  isAdmin: false,
  isBot: false,
});
const vocabulary: Vocabulary = {
  commands: [
    { command: '/deploy', description: 'Put a version live in development', usageHint: 'WORKFLOW [VERSION]' },
    { command: '/promote', description: 'Ask for the next environment', usageHint: 'WORKFLOW ENV' },
    { command: '/reject', description: 'Say no to a promotion', usageHint: 'WORKFLOW REASON' },
  ],
  people: [
    person('U1', 'dana', 'Dana Weber', 'developer, led by Lee'),
    person('U2', 'lee', 'Lee Park', 'lead'),
    person('U3', 'noor', 'نور لي', 'on call'),
  ],
  channels: [
    { id: 'C1', name: 'general', kind: 'channel', topic: 'everything', botIsMember: true },
    { id: 'C2', name: 'staging-releases', kind: 'channel', topic: '', botIsMember: true },
    { id: 'D1', name: 'towpath', kind: 'im', topic: '', botIsMember: true },
  ],
};
const labels = (text: string, caret = text.length) =>
  completionAt(text, caret, vocabulary)?.offers.map(({ label }) => label) ?? [];

describe('what is offered', () => {
  it('is every command after a slash, and those that begin with the word before those that only mention it', () => {
    expect(labels('/')).toEqual(['/deploy', '/promote', '/reject']);
    expect(labels('/pro')).toEqual(['/promote', '/reject']);
  });

  it('is no command in the middle of a text, nor once its name is followed by a space', () => {
    expect(labels('see /pro')).toEqual([]);
    expect(labels('/promote ')).toEqual([]);
  });

  it('is people by any of their names, before people by their title', () => {
    expect(labels('hello @le')).toEqual(['Lee Park', 'Dana Weber']);
    expect(labels('@park')).toEqual(['Lee Park']);
    expect(labels('@dev')).toEqual(['Dana Weber']);
    expect(labels('@نور')).toEqual(['نور لي']);
  });

  it('begins with what was typed out in full', () => {
    const people = [person('U1', 'leeanne', 'Lee-Anne', ''), person('U2', 'lee', 'Park', '')];
    expect(completionAt('@lee', 4, { ...vocabulary, people })?.offers.map(({ insert }) => insert)).toEqual([
      '@lee',
      '@leeanne',
    ]);
  });

  it('is channels by the parts of their names, and never the direct conversation', () => {
    expect(labels('in #re')).toEqual(['#staging-releases']);
    expect(labels('#')).toEqual(['#general', '#staging-releases']);
  });

  it('is nothing inside an address or after a mail’s at sign', () => {
    expect(labels('dana@le')).toEqual([]);
  });

  it('is judged at the caret, wherever the text goes on', () => {
    expect(labels('/pro summarize-flow', 4)).toEqual(['/promote', '/reject']);
  });
});

it('replaces the typed word, keeps what follows and leaves one space', () => {
  const completion = completionAt('ask @le please', 7, vocabulary);
  const [offer] = completion?.offers ?? [];
  if (completion === null || offer === undefined) throw new Error('nothing was offered');
  expect(afterOffer('ask @le please', completion, offer)).toEqual({ text: 'ask @lee please', caret: 9 });
});

it('finds the command whose usage is shown, by its whole name only', () => {
  expect(commandOf('/promote x', vocabulary.commands)?.usageHint).toBe('WORKFLOW ENV');
  expect(commandOf('/promot', vocabulary.commands)).toBeNull();
});
