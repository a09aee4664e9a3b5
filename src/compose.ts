import { readFile } from 'node:fs/promises';
import { createHttpServer } from './adapters/http/create-http-server.ts';
import { measureTasks } from './adapters/http/measure-tasks.ts';
import { measureUseCases } from './adapters/http/measure-use-cases.ts';
import { createMetrics } from './adapters/http/metrics.ts';
import { startJobs } from './adapters/jobs/start-jobs.ts';
import { connectPersistence, type Persistence } from './adapters/persistence/connect.ts';
import { ensureKey } from './adapters/persistence/embedded-secrets.ts';
import { migrate } from './adapters/persistence/migrate.ts';
import { startEmbeddedPostgres } from './adapters/persistence/start-embedded-postgres.ts';
import { sandboxFile } from './adapters/sandbox/sandbox-file.ts';
import { SANDBOX_CONFIGURATION } from './adapters/sandbox/sandbox-workspace.ts';
import { type Sandbox, startSandbox } from './adapters/sandbox/start-sandbox.ts';
import { createSlackApp } from './adapters/slack/create-slack-app.ts';
import { identifyWorkspace, type SlackWorkspace } from './adapters/slack/identify-workspace.ts';
import { makeDeliverWebhook } from './adapters/webhooks/deliver-webhook.ts';
import type { Config } from './config.ts';
import { checkSecrets } from './domain/configuration/check-secrets.ts';
import { defaultConfiguration, type TowpathConfiguration } from './domain/configuration/configuration.ts';
import { InvalidConfigurationError } from './domain/configuration/invalid-configuration-error.ts';
import { parseTowpathYaml } from './domain/configuration/parse-towpath-yaml.ts';
import type { Logger } from './log.ts';
import { makeApplyConfiguration } from './use-cases/apply-configuration.ts';
import { makeUseCases } from './use-cases/make-use-cases.ts';

/** Gives the value of an environment variable, for what the configuration refers to by name. */
export type SecretSource = (variable: string) => string | undefined;

export interface Towpath {
  /** What a person who started it in a terminal should read: an address, and notices. */
  lines: string[];
  /** Where the API and Slack's requests are taken. */
  port: number;
  /** Takes no more work, finishes what runs and closes everything, within ten seconds. */
  stop(): Promise<void>;
}

/** What is stopped in the opposite order of its start. */
class Started {
  readonly #stops: { name: string; stop: () => Promise<unknown> }[] = [];
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  add(name: string, stop: () => Promise<unknown>): void {
    this.#stops.push({ name, stop });
  }

  async stop(): Promise<void> {
    for (const { name, stop } of this.#stops.splice(0).reverse()) {
      await stop().catch((error: unknown) =>
        this.#log.error({ err: error, part: name }, 'a part did not stop as it should'),
      );
    }
  }
}

/**
 * Starts all of Towpath and joins its parts. Rejects, everything stopped again, when a part can't start.
 * @throws InvalidConfigurationError, EmbeddedRefusal and other RefusedErrors with a cure for the person who starts it
 */
export async function startTowpath(config: Config, secretOf: SecretSource, log: Logger): Promise<Towpath> {
  const started = new Started(log);
  try {
    return await startParts(config, secretOf, log, started);
  } catch (error) {
    await started.stop();
    throw error;
  }
}

async function startParts(config: Config, secretOf: SecretSource, log: Logger, started: Started): Promise<Towpath> {
  const lines: string[] = [];
  const configuration = await readConfiguration(config, secretOf);
  const connectionString = await startDatabase(config, log, started, lines);
  await migrate(connectionString, log);
  const persistence = await connectPersistence({ connectionString, log });
  started.add('database connections', () => persistence.close());

  const metrics = createMetrics();
  const useCases = measureUseCases(makeUseCases(persistence.ports), metrics);

  let port = config.port;
  const sandbox =
    config.slack === null
      ? await startSandbox({
          eventsUrl: () => `http://127.0.0.1:${port}/slack/events`,
          useCases,
          stateFile: sandboxFile(config.dataDirectory, config.databaseUrl?.reveal() ?? null),
        })
      : null;
  if (sandbox !== null) started.add('sandbox', () => sandbox.stop());
  const slack = slackConnection(config, sandbox);
  const workspace = await identifyWorkspace({ ...slack, log });
  await applyConfiguration(persistence.ports, workspace, configuration, config.admins);

  const app = createSlackApp({
    useCases,
    ports: persistence.ports,
    slack,
    workspace,
    handledRequests: persistence.handledRequests,
    log,
    publicUrl: config.publicUrl,
  });
  const jobs = await startJobs({
    connectionString,
    log,
    tasks: measureTasks(
      {
        ...app.deliverTasks,
        'deliver-webhook': makeDeliverWebhook({ ports: persistence.ports, secrets: secretOf, log }),
      },
      metrics,
    ),
    ticks: [
      {
        name: 'expire-promotions',
        schedule: '*/5 * * * * *',
        run: async () => void (await useCases.expirePromotions(workspace.id)),
      },
      { name: 'sweep', schedule: '0 17 * * * *', run: () => sweep(persistence) },
    ],
  });
  started.add('jobs', () => jobs.stop());
  const http = await createHttpServer({
    useCases,
    api: { workspaceId: workspace.id, apiToken: config.apiToken?.reveal() ?? null },
    ...(app.requestListener === null ? {} : { slackListener: app.requestListener }),
    ready: async () => ({ database: await persistence.ready(), queue: jobs.ready() }),
    metrics,
    log,
  });
  started.add('http', () => http.stop());
  // The sandbox believes whoever says who they are, so with it nothing listens beyond this machine.
  port = await http.listen({ port: config.port, host: sandbox === null ? '0.0.0.0' : '127.0.0.1' });
  started.add('slack', () => app.stop());
  await app.start();
  if (sandbox === null)
    void app
      .syncPeople()
      .catch((error: unknown) =>
        log.warn({ err: error }, 'the list of people could not be read from Slack; each is looked up when they act'),
      );
  else {
    await sandbox.seed();
    lines.push(`Towpath is ready. Open ${sandbox.url} to try it.`);
  }
  return { lines, port, stop: () => started.stop() };
}

/** Forgets what nobody needs any more: Slack's repeats come within minutes, and deliveries are looked at within weeks. */
async function sweep({ handledRequests, purgeDeliveries, purgeFailedJobs }: Persistence): Promise<void> {
  await handledRequests.sweep(24);
  await purgeDeliveries(60);
  await purgeFailedJobs(60);
}

async function readConfiguration(config: Config, secretOf: SecretSource): Promise<TowpathConfiguration> {
  const configuration = await parseConfiguration(config);
  checkSecrets(configuration, secretOf);
  return configuration;
}

async function parseConfiguration({ configFile, slack }: Config): Promise<TowpathConfiguration> {
  if (configFile !== null) return parseTowpathYaml(await readConfigurationFile(configFile), { fileName: configFile });
  return slack === null ? parseTowpathYaml(SANDBOX_CONFIGURATION, { fileName: 'sandbox' }) : defaultConfiguration();
}

async function readConfigurationFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message = `names ${path}, which can't be read (${code ?? error}); correct the path, or leave it out to use the defaults`;
    throw new InvalidConfigurationError([{ where: 'TOWPATH_CONFIG', message }]);
  }
}

async function startDatabase(config: Config, log: Logger, started: Started, lines: string[]): Promise<string> {
  if (config.databaseUrl !== null) return config.databaseUrl.reveal();
  const database = await startEmbeddedPostgres({ dataDir: config.dataDirectory, log });
  started.add('embedded database', () => database.stop());
  if (database.notice !== undefined) lines.push(database.notice);
  if (config.key === null) await ensureKey(config.dataDirectory);
  return database.connectionString;
}

function slackConnection(config: Config, sandbox: Sandbox | null) {
  if (sandbox !== null)
    return { botToken: sandbox.botToken, signingSecret: sandbox.signingSecret, appToken: null, apiUrl: sandbox.apiUrl };
  const { slack } = config;
  if (slack === null) throw new Error('Neither Slack nor the sandbox.');
  return {
    botToken: slack.botToken.reveal(),
    signingSecret: slack.signingSecret?.reveal() ?? null,
    appToken: slack.appToken?.reveal() ?? null,
    ...(slack.apiUrl === null ? {} : { apiUrl: slack.apiUrl }),
  };
}

function applyConfiguration(
  ports: Parameters<typeof makeApplyConfiguration>[0],
  workspace: SlackWorkspace,
  configuration: TowpathConfiguration,
  admins: readonly string[],
) {
  return makeApplyConfiguration(ports)({ workspace, configuration, admins });
}
