import type { SandboxCommand } from './protocol.ts';

/** One account of the workspace, as Slack would know it. Everything but the names has a sensible default. */
export interface StandInPerson {
  /** `U…`, capital letters and digits, as Slack's own. */
  id: string;
  /** What is typed after an `@`. */
  name: string;
  realName: string;
  /** Shown below the name; the sandbox writes roles here. */
  title?: string;
  /** CSS colour of the initials avatar. */
  colour?: string;
  isAdmin?: boolean;
  isOwner?: boolean;
  /** A guest (`is_restricted`). */
  isRestricted?: boolean;
  isBot?: boolean;
  /** Deactivated. */
  deleted?: boolean;
  /** Another workspace's id makes this person a stranger from a shared channel. Default: the team's. */
  teamId?: string;
  /** IANA time zone. Default `Etc/UTC`. */
  tz?: string;
}

export interface StandInChannel {
  id: string;
  name: string;
  topic?: string;
  /** False where the bot was never invited: posting there answers `not_in_channel`. Default true. */
  botIsMember?: boolean;
  /** Posting to an archived channel answers `is_archived`. Default false. */
  isArchived?: boolean;
  /** A private channel of which the bot is no member does not exist for it: `channel_not_found`. Default false. */
  isPrivate?: boolean;
}

export interface StandInTeam {
  id: string;
  name: string;
  domain: string;
}

/** The app's own account in the workspace. */
export interface StandInBot {
  userId: string;
  botId: string;
  appId: string;
  name: string;
  realName: string;
}

export interface StandInOptions {
  /** 0, the default, takes any free port. The address is always 127.0.0.1. */
  port?: number;
  /** Whether to take any free port where `port` is taken already. Default: starting fails then. */
  otherPortIfTaken?: boolean;
  people: readonly StandInPerson[];
  channels: readonly StandInChannel[];
  /** User ids of the members, by the group's id (`S…`). Default: no groups. */
  userGroups?: Readonly<Record<string, readonly string[]>>;
  team: StandInTeam;
  /** What the message box completes. A slash command not listed is answered by Slackbot, as Slack's own client does. */
  commands: readonly SandboxCommand[];
  /** Where the bot listens (`…/slack/events`). A function is asked at each delivery, so the bot may start later. */
  eventsUrl: string | (() => string);
  signingSecret: string;
  /** `xoxb-…` */
  botToken: string;
  /** `xapp-…`; with it `apps.connections.open` works and, while a socket is open, deliveries go there. */
  appToken?: string;
  /** The built page (Vite's output folder), served at `/`. */
  pageDir?: string;
  /** Milliseconds since 1970. Moves expiry, rate limits and message timestamps, never the signature's timestamp. */
  clock?: () => number;
  /** The app's account. The defaults suit one bot in one workspace. */
  bot?: Partial<StandInBot>;
  /** OAuth scopes granted to the bot token; calling beyond them answers `missing_scope`. Default: `DEFAULT_BOT_SCOPES`. */
  scopes?: readonly string[];
  /** Event types the app subscribed to in its manifest. Default: everything this stand-in sends by itself. */
  subscribedEvents?: readonly string[];
  /** Whether to answer 429 as Slack would. Off unless asked for; the sandbox asks for it. */
  rateLimits?: boolean;
  /** How long the bot may take to acknowledge, in milliseconds. Slack's is 3,000, the default. */
  ackTimeoutMs?: number;
  /** Pauses before the repeats of an event that was not acknowledged, in milliseconds. Slack's, the default: 0, 60,000, 300,000. */
  eventRetryDelaysMs?: readonly number[];
  /** How long a file stays unusable after `files.completeUploadExternal`, in milliseconds of the clock. Default 300. */
  fileReadyAfterMs?: number;
  /** Where messages and files are kept between starts, with a folder `….files` beside it. Without it they go with the process. */
  stateFile?: string;
  /** Hears, in one line, that what was kept can't be read or written. Default: the error output. */
  tell?: (line: string) => void;
}

/** The options with every default filled in. */
export interface StandInSettings
  extends Required<Omit<StandInOptions, 'appToken' | 'pageDir' | 'bot' | 'people' | 'channels' | 'stateFile'>> {
  appToken: string | null;
  pageDir: string | null;
  bot: StandInBot;
}

/** What Towpath's kind of app asks for; a test hands in manifest.yml's own list instead. */
export const DEFAULT_BOT_SCOPES: readonly string[] = [
  'commands',
  'chat:write',
  'im:write',
  'im:history',
  'channels:history',
  'channels:read',
  'groups:history',
  'groups:read',
  'users:read',
  'usergroups:read',
  'files:read',
  'files:write',
  'team:read',
];

export const DEFAULT_SUBSCRIBED_EVENTS: readonly string[] = ['app_home_opened', 'user_change'];

const DEFAULT_BOT: StandInBot = {
  userId: 'U0TOWPATH',
  botId: 'B0TOWPATH',
  appId: 'A0TOWPATH',
  name: 'towpath',
  realName: 'Towpath',
};

export function withDefaults(options: StandInOptions): StandInSettings {
  return {
    port: 0,
    otherPortIfTaken: false,
    clock: Date.now,
    scopes: DEFAULT_BOT_SCOPES,
    subscribedEvents: DEFAULT_SUBSCRIBED_EVENTS,
    userGroups: {},
    rateLimits: false,
    ackTimeoutMs: 3_000,
    eventRetryDelaysMs: [0, 60_000, 300_000],
    fileReadyAfterMs: 300,
    tell: (line) => void process.stderr.write(`${line}\n`),
    ...options,
    appToken: options.appToken ?? null,
    pageDir: options.pageDir ?? null,
    bot: { ...DEFAULT_BOT, ...options.bot },
  };
}
