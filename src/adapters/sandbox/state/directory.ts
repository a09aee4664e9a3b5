import type { StandInBot, StandInChannel, StandInPerson, StandInTeam } from '../stand-in-options.ts';

export type Person = Required<StandInPerson> & { updatedAt: number };
export type Channel = Required<StandInChannel>;

/** A place messages are in: a channel, or one person's direct conversation with the bot. */
export type Conversation =
  | { kind: 'channel'; id: string; channel: Channel }
  | { kind: 'im'; id: string; person: Person };

const COLOURS = ['#4a6fa5', '#a5544a', '#4aa56b', '#8a4aa5', '#a5874a', '#4a9aa5', '#a54a7d', '#6b7a3a'];

/** Who and what is in the workspace. */
export class Directory {
  readonly people = new Map<string, Person>();
  readonly channels = new Map<string, Channel>();
  readonly team: StandInTeam;
  readonly bot: StandInBot;

  constructor(given: {
    people: readonly StandInPerson[];
    channels: readonly StandInChannel[];
    team: StandInTeam;
    bot: StandInBot;
  }) {
    this.team = given.team;
    this.bot = given.bot;
    for (const person of given.people) this.people.set(person.id, this.#complete(person));
    const { userId, name, realName } = given.bot;
    this.people.set(
      userId,
      this.#complete({ id: userId, name, realName, title: 'app', colour: '#2f5d50', isBot: true }),
    );
    for (const channel of given.channels) {
      this.channels.set(channel.id, { topic: '', botIsMember: true, isArchived: false, isPrivate: false, ...channel });
    }
  }

  #complete(person: StandInPerson): Person {
    return {
      title: '',
      colour: COLOURS[this.people.size % COLOURS.length] ?? '#555555',
      isAdmin: false,
      isOwner: false,
      isRestricted: false,
      isBot: false,
      deleted: false,
      teamId: this.team.id,
      tz: 'Etc/UTC',
      updatedAt: 1_700_000_000,
      ...person,
    };
  }

  /** The id of a person's direct conversation with the bot. */
  imOf(personId: string): string {
    return `D${personId.slice(1)}`;
  }

  /** A conversation by channel id, by id of a direct conversation, or by person id where `people` is true. */
  findConversation(id: string, { people = false } = {}): Conversation | null {
    const channel = this.channels.get(id);
    if (channel) return { kind: 'channel', id, channel };
    const person =
      this.people.get(people && /^[UW]/.test(id) ? id : `U${id.slice(1)}`) ?? this.people.get(`W${id.slice(1)}`);
    if (!person || person.isBot || (!people && !id.startsWith('D'))) return null;
    return { kind: 'im', id: this.imOf(person.id), person };
  }

  /** Whether this person may read the conversation: every channel, and nobody else's direct one. */
  canSee(personId: string, conversationId: string): boolean {
    return this.channels.has(conversationId) || this.imOf(personId) === conversationId;
  }

  setPerson(id: string, patch: Partial<Omit<StandInPerson, 'id'>>, now: number): Person {
    const person = this.people.get(id);
    if (!person) throw new Error(`Nobody in this workspace has the id ${id}.`);
    const changed = { ...person, ...patch, id, updatedAt: Math.floor(now / 1_000) };
    this.people.set(id, changed);
    return changed;
  }

  setBotMember(channelId: string, isMember: boolean): void {
    const channel = this.channels.get(channelId);
    if (!channel) throw new Error(`This workspace has no channel ${channelId}.`);
    this.channels.set(channelId, { ...channel, botIsMember: isMember });
  }
}
