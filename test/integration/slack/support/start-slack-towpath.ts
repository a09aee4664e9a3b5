import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { type Jobs, startJobs } from '../../../../src/adapters/jobs/start-jobs.ts';
import { makePictures } from '../../../../src/adapters/pictures/make-pictures.ts';
import type { StandInOptions } from '../../../../src/adapters/sandbox/stand-in-options.ts';
import type { SlackStandIn, StandInMessage } from '../../../../src/adapters/sandbox/start-slack-stand-in.ts';
import {
  createSlackApp,
  type SlackApp,
  type SlackAppOptions,
} from '../../../../src/adapters/slack/create-slack-app.ts';
import { identifyWorkspace } from '../../../../src/adapters/slack/identify-workspace.ts';
import { parseTowpathYaml } from '../../../../src/domain/configuration/parse-towpath-yaml.ts';
import { makeApplyConfiguration } from '../../../../src/use-cases/apply-configuration.ts';
import { makeUseCases } from '../../../../src/use-cases/make-use-cases.ts';
import type { UseCases } from '../../../../src/use-cases/use-cases.ts';
import { openTestPersistence, type TestPersistence } from '../../../support/database/open-test-persistence.ts';
import { withTestDocuments } from '../../../support/documents/with-test-documents.ts';
import { testSecrets } from '../../../support/secrets/test-secrets.ts';
import { startTestSlack, testCredentials } from '../../../support/slack/start-test-slack.ts';
import { testTeam } from '../../../support/slack/test-workspace.ts';
import { waitUntil } from '../../../support/slack/wait-until.ts';

/** Slack's side of Towpath, whole: the stand-in, Bolt over HTTP, the use cases, the database and the queue. */
export interface SlackTowpath {
  slack: SlackStandIn;
  app: SlackApp;
  useCases: UseCases;
  persistence: TestPersistence;
  /** The use cases that were run, by name, oldest first. */
  ran: string[];
  /** What was logged, one JSON line each. */
  log: string[];
  /** Stops the Bolt app and starts another on the same port, as a restart of the process does. */
  restart(): Promise<void>;
  /** Without this, messages wait in the queue. */
  startDelivery(): Promise<void>;
  stopDelivery(): Promise<void>;
  /** A version of `summarize-flow` pushed; each number makes another content. */
  push(nth: number, more?: { workflow?: string; as?: string; prompt?: string }): Promise<void>;
  /** The newest message of a conversation that fits, waited for. */
  message(channel: string, what: string, fits: (message: StandInMessage) => boolean): Promise<StandInMessage>;
  /** What a person was told privately in a channel, waited for: the first ephemeral message that holds the words. */
  told(person: string, channel: string, words: string | RegExp): Promise<StandInMessage>;
  stop(): Promise<void>;
}

export interface SlackTowpathOptions {
  slack?: Partial<StandInOptions>;
  app?: Partial<SlackAppOptions>;
  /** Puts something between Slack and the use cases. */
  wrap?: (useCases: UseCases) => UseCases;
  configuration?: string;
  /** Socket Mode instead of HTTP. */
  socket?: boolean;
  /** Default true. */
  delivers?: boolean;
}

const CONFIGURATION = `
environments:
  - { name: development, aliases: [dev] }
  - { name: staging, aliases: [stg], channel: C0STAGING, approvals: [{ role: lead, count: 1 }] }
  - { name: production, aliases: [prod], channel: C0PROD, approvals: [{ role: admin, count: 1 }] }
people: { U0ADA: admin, U0LEE: lead, U0LIA: lead }
`;

export async function startSlackTowpath(options: SlackTowpathOptions = {}): Promise<SlackTowpath> {
  const persistence = await openTestPersistence();
  const log: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => void log.push(line) });
  let listener = (_: IncomingMessage, response: ServerResponse): void => void response.writeHead(503).end();
  const server = createServer((request, response) => listener(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
  const slack = await startTestSlack({
    eventsUrl: url,
    ...(options.socket === true ? { appToken: testCredentials.appToken } : {}),
    ...options.slack,
  });
  const ran: string[] = [];
  const useCases = counted(
    (options.wrap ?? ((all) => all))(makeUseCases(withTestDocuments(persistence.ports), testSecrets)),
    ran,
  );
  const appToken = options.socket === true ? testCredentials.appToken : null;
  const connection = { ...testCredentials, appToken, apiUrl: slack.apiUrl };
  const workspace = await identifyWorkspace({ ...connection, log: logger });
  await makeApplyConfiguration(persistence.ports)({
    workspace,
    configuration: parseTowpathYaml(options.configuration ?? CONFIGURATION, { fileName: 'towpath.yaml' }),
    admins: [],
  });
  const pictures = makePictures();
  const makeApp = () =>
    createSlackApp({
      useCases,
      ports: persistence.ports,
      slack: connection,
      workspace,
      handledRequests: persistence.handledRequests,
      log: logger,
      publicUrl: null,
      pictures,
      ...options.app,
    });
  let app = makeApp();
  const serve = () => {
    if (app.requestListener !== null) listener = app.requestListener;
  };
  serve();
  let jobs: Jobs | null = null;
  const towpath: SlackTowpath = {
    slack,
    app,
    useCases,
    persistence,
    ran,
    log,
    async restart() {
      await app.stop();
      app = makeApp();
      towpath.app = app;
      serve();
      await app.start();
    },
    async startDelivery() {
      const idle = () => Promise.resolve();
      const gathering = { 'ask-gate': idle, 'check-parity': idle, 'run-suite': idle, 'replay-shadow': idle };
      jobs = await startJobs({
        connectionString: persistence.url,
        log: logger,
        tasks: { ...app.deliverTasks, 'deliver-webhook': idle, ...gathering },
        ticks: [],
      });
    },
    async stopDelivery() {
      await jobs?.stop();
      jobs = null;
    },
    async push(nth, { workflow = 'summarize-flow', as = 'U0DEV', prompt } = {}) {
      const source = definition(workflow, nth, prompt ?? `Summarise, the ${nth}. way.`);
      await useCases.pushVersion({ actor: { workspaceId: testTeam.id, userId: as, via: 'slack' }, source });
    },
    message: (channel, what, fits) => waitUntil(`${what} in ${channel}`, () => slack.messages(channel).findLast(fits)),
    told: (person, channel, words) =>
      waitUntil(`${person} to be told ${words}; ${describe(slack, channel)}`, () =>
        slack.messages(channel).findLast((message) => message.ephemeralTo === person && holds(message.text, words)),
      ),
    async stop() {
      await jobs?.stop();
      await app.stop();
      await pictures.stop();
      await slack.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await persistence.end();
    },
  };
  await app.start();
  if (options.delivers !== false) await towpath.startDelivery();
  return towpath;
}

function counted(useCases: UseCases, ran: string[]): UseCases {
  return new Proxy(useCases, {
    get(target, name) {
      ran.push(String(name));
      return Reflect.get(target, name);
    },
  });
}

function holds(text: string, words: string | RegExp): boolean {
  return typeof words === 'string' ? text.includes(words) : words.test(text);
}

function describe(slack: SlackStandIn, channel: string): string {
  const texts = slack.messages(channel).map((message) => `${message.ephemeralTo ?? 'all'}: ${message.text}`);
  return `in ${channel} there was ${texts.slice(-5).join(' | ') || 'nothing'}`;
}

function definition(name: string, nth: number, prompt: string): string {
  return JSON.stringify({
    apiVersion: 'towpath/v1',
    name,
    steps: [
      {
        id: 'summarize',
        type: 'llm',
        label: 'Summarise',
        model: `claude-${nth}`,
        systemPrompt: prompt,
        task: 'Summarise',
      },
    ],
  });
}
