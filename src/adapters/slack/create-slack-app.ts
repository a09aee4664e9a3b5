import { HTTPReceiver } from '@slack/bolt';
import type { Logger } from 'pino';
import type { Pictures } from '../../use-cases/ports/pictures.ts';
import type { PeopleDirectory, Ports } from '../../use-cases/ports.ts';
import type { UseCases } from '../../use-cases/use-cases.ts';
import { makeAnswerPerson } from './answers/answering.ts';
import { makeBolt, makeReceiver, whileOpen } from './bolt.ts';
import { makeDrawCardPicture } from './delivery/draw-card-picture.ts';
import { makePostAnnouncement } from './delivery/post-announcement.ts';
import { makeRefreshAnnouncements } from './delivery/refresh-announcements.ts';
import type { DiffAddress } from './diff-address.ts';
import type { SlackWorkspace } from './identify-workspace.ts';
import { InFlight } from './in-flight.ts';
import { listen } from './listen.ts';
import { makeEnsureKnown } from './people/ensure-known.ts';
import { makeSyncPeople } from './people/sync-people.ts';
import { makeUserGroups } from './people/user-groups.ts';
import { type RequestListener, refusingOtherTimes } from './request-listener.ts';
import type { HandledRequests, SlackContext } from './slack-context.ts';
import { makeWebClient } from './web-client.ts';

export interface SlackAppOptions {
  useCases: UseCases;
  ports: Ports;
  slack: {
    botToken: string;
    /** Needed unless there is an app token. */
    signingSecret: string | null;
    /** Socket Mode instead of HTTP requests. */
    appToken: string | null;
    /** Default: Slack's own. */
    apiUrl?: string;
  };
  workspace: SlackWorkspace;
  handledRequests: HandledRequests;
  log: Logger;
  publicUrl: string | null;
  pictures: Pictures;
  /** Left out: nothing leads to a page. */
  diffAddress?: DiffAddress;
  /** Default 1,500 ms. */
  workingNoticeAfterMs?: number;
}

export interface SlackApp {
  /** For the HTTP server at `/slack/events`; null in Socket Mode. */
  requestListener: RequestListener | null;
  /** Opens the socket in Socket Mode; nothing to do over HTTP. */
  start(): Promise<void>;
  /** Takes no more requests and waits for what goes on, at most eight seconds. */
  stop(): Promise<void>;
  deliverTasks: {
    'post-announcement': (payload: unknown) => Promise<void>;
    'refresh-announcements': (payload: unknown) => Promise<void>;
    'draw-card-picture': (payload: unknown) => Promise<void>;
  };
  /** Reads everybody's account from Slack, at most 10,000. */
  syncPeople(): Promise<void>;
  /** Who is in Slack's user groups. */
  userGroups: PeopleDirectory;
}

const SOMEBODY_WAITS_MS = 3_000;
const STOP_WITHIN_MS = 8_000;

/** Slack, as one way to reach the use cases. */
export function createSlackApp(options: SlackAppOptions): SlackApp {
  const { slack, log } = options;
  const connection = { ...slack, log };
  const context: SlackContext = {
    ...options,
    web: makeWebClient(connection),
    botToken: slack.botToken,
    apiUrl: slack.apiUrl ?? null,
    diffAddress: options.diffAddress ?? (() => null),
  };
  const inFlight = new InFlight();
  let isStopping = false;
  const receiver = makeReceiver(slack, log);
  const app = makeBolt(receiver, context);
  app.use(({ next }) => inFlight.run(next));
  const ensureKnown = makeEnsureKnown(context, makeWebClient(connection, SOMEBODY_WAITS_MS));
  listen(app, {
    ...context,
    ensureKnown,
    answerPerson: makeAnswerPerson(context, ensureKnown, options.workingNoticeAfterMs),
  });
  return {
    requestListener:
      receiver instanceof HTTPReceiver
        ? refusingOtherTimes(
            whileOpen(receiver, () => !isStopping),
            log,
          )
        : null,
    start: async () => void (receiver instanceof HTTPReceiver || (await app.start())),
    async stop() {
      isStopping = true;
      if (!(receiver instanceof HTTPReceiver)) await app.stop();
      if (!(await inFlight.ended(STOP_WITHIN_MS))) log.warn('Some requests from Slack were not finished at the stop');
    },
    deliverTasks: {
      'post-announcement': makePostAnnouncement(context),
      'refresh-announcements': makeRefreshAnnouncements(context),
      'draw-card-picture': makeDrawCardPicture(context),
    },
    syncPeople: makeSyncPeople(context),
    userGroups: makeUserGroups(makeWebClient(connection, SOMEBODY_WAITS_MS), log),
  };
}
