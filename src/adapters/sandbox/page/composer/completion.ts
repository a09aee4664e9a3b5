import type { SandboxChannel, SandboxCommand, SandboxPerson } from '../../protocol.ts';

/** What may be completed in this workspace. */
export interface Vocabulary {
  commands: readonly SandboxCommand[];
  people: readonly SandboxPerson[];
  channels: readonly SandboxChannel[];
}

/** One offer: what is shown, and what takes the place of the typed word. */
export interface Offer {
  kind: 'command' | 'person' | 'channel';
  id: string;
  label: string;
  hint: string;
  description: string;
  insert: string;
}

/** The offers for the word before the caret, and where that word stands. */
export interface Completion {
  from: number;
  to: number;
  offers: Offer[];
}

const MOST_OFFERS = 8;
const NO_RANK = 4;
const COMMAND_WORD = /^\/[^\s]*$/;
const MARKED_WORD = /(?:^|[\s(])([@#])([\p{L}\p{N}._-]*)$/u;

/** What can be completed at the caret: commands at the very start, people after `@`, channels after `#`. */
export function completionAt(text: string, caret: number, vocabulary: Vocabulary): Completion | null {
  const before = text.slice(0, caret);
  if (COMMAND_WORD.test(before)) return completion(0, caret, commandOffers(before.slice(1), vocabulary.commands));
  const found = MARKED_WORD.exec(before);
  if (found === null) return null;
  const [, sign, word = ''] = found;
  const from = caret - word.length - 1;
  return completion(
    from,
    caret,
    sign === '@' ? personOffers(word, vocabulary.people) : channelOffers(word, vocabulary.channels),
  );
}

function completion(from: number, to: number, offers: Offer[]): Completion | null {
  return offers.length === 0 ? null : { from, to, offers };
}

/** The command that the text starts with, once its name is complete: its usage is shown while the rest is typed. */
export function commandOf(text: string, commands: readonly SandboxCommand[]): SandboxCommand | null {
  const [name] = text.split(/\s/, 1);
  return commands.find(({ command }) => command === name) ?? null;
}

/** The text after an offer was taken, and where the caret goes. */
export function afterOffer(text: string, { from, to }: Completion, { insert }: Offer): { text: string; caret: number } {
  const rest = text.slice(to).replace(/^ /, '');
  return { text: `${text.slice(0, from)}${insert} ${rest}`, caret: from + insert.length + 1 };
}

function commandOffers(typed: string, commands: readonly SandboxCommand[]): Offer[] {
  return best(commands, typed, ({ command, description }) => [[command.slice(1)], [description]]).map(
    ({ command, usageHint, description }) => ({
      kind: 'command',
      id: command,
      label: command,
      hint: usageHint,
      description,
      insert: command,
    }),
  );
}

function personOffers(typed: string, people: readonly SandboxPerson[]): Offer[] {
  return best(people, typed, ({ name, realName, title }) => [
    [name, ...realName.split(/\s+/)],
    [realName, title],
  ]).map(({ id, name, realName, title }) => ({
    kind: 'person',
    id,
    label: realName,
    hint: `@${name}`,
    description: title,
    insert: `@${name}`,
  }));
}

function channelOffers(typed: string, channels: readonly SandboxChannel[]): Offer[] {
  const named = channels.filter(({ kind }) => kind === 'channel');
  return best(named, typed, ({ name, topic }) => [[name, ...name.split('-')], [topic]]).map(({ id, name, topic }) => ({
    kind: 'channel',
    id,
    label: `#${name}`,
    hint: '',
    description: topic,
    insert: `#${name}`,
  }));
}

/** Ranks by names first (is, begins with, holds), by other words last; equals keep their order. */
function best<Thing>(
  things: readonly Thing[],
  typed: string,
  wordsOf: (thing: Thing) => [names: string[], others: string[]],
): Thing[] {
  const word = typed.toLowerCase();
  return things
    .map((thing) => ({ thing, rank: rankOf(word, wordsOf(thing)) }))
    .filter(({ rank }) => rank < NO_RANK)
    .sort((one, other) => one.rank - other.rank)
    .slice(0, MOST_OFFERS)
    .map(({ thing }) => thing);
}

function rankOf(word: string, [names, others]: [string[], string[]]): number {
  const lower = names.map((name) => name.toLowerCase());
  if (lower.includes(word)) return 0;
  if (lower.some((name) => name.startsWith(word))) return 1;
  if (lower.some((name) => name.includes(word))) return 2;
  return others.some((other) => other.toLowerCase().includes(word)) ? 3 : NO_RANK;
}
