import { startDataPlane } from './adapters/data-plane/start-data-plane.ts';
import { makeDocuments } from './adapters/documents/make-documents.ts';
import { createHttpServer, type HttpServer } from './adapters/http/create-http-server.ts';
import { measureTasks } from './adapters/http/measure-tasks.ts';
import { measureUseCases } from './adapters/http/measure-use-cases.ts';
import { createMetrics } from './adapters/http/metrics.ts';
import { makeTokenBook, type TokenBook } from './adapters/http/token-book.ts';
import { startJobs } from './adapters/jobs/start-jobs.ts';
import { connectPersistence, type Persistence } from './adapters/persistence/connect.ts';
import { ensureKey } from './adapters/persistence/embedded-secrets.ts';
import { type Notices, openNotices } from './adapters/persistence/listen.ts';
import { migrate } from './adapters/persistence/migrate.ts';
import { startEmbeddedPostgres } from './adapters/persistence/start-embedded-postgres.ts';
import { makePictures } from './adapters/pictures/make-pictures.ts';
import { makeCheckParityTask } from './adapters/probes/check-parity-task.ts';
import { makeProbes } from './adapters/probes/make-probes.ts';
import { makeSuiteTasks } from './adapters/runners/suite-tasks.ts';
import { sandboxFile } from './adapters/sandbox/sandbox-file.ts';
import { type Sandbox, startSandbox } from './adapters/sandbox/start-sandbox.ts';
import { makeSecrets } from './adapters/secrets/make-secrets.ts';
import { createSlackApp, type SlackApp } from './adapters/slack/create-slack-app.ts';
import type { DiffAddress } from './adapters/slack/diff-address.ts';
import { identifyWorkspace, type SlackWorkspace } from './adapters/slack/identify-workspace.ts';
import { makeAskGateTask } from './adapters/webhooks/ask-gate-task.ts';
import { makeDeliverWebhook } from './adapters/webhooks/deliver-webhook.ts';
import { makeGateCaller } from './adapters/webhooks/make-gate-caller.ts';
import { applyAtStart } from './apply-at-start.ts';
import type { Config } from './config.ts';
import { deriveKey } from './derive-key.ts';
import { ownVariables } from './domain/configuration/check-secrets.ts';
import { signDiffLink } from './domain/diff-link.ts';
import { loadConfiguration, type SecretSource } from './load-configuration.ts';
import type { Logger } from './log.ts';
import { openRunners } from './open-runners.ts';
import type { StartArguments } from './read-arguments.ts';
import { slackConnection } from './slack-connection.ts';
import { makeAskGate } from './use-cases/gates/ask-gate.ts';
import { makeUseCases } from './use-cases/make-use-cases.ts';
import { makeCheckParity } from './use-cases/parity/check-parity.ts';
import type { PeopleDirectory } from './use-cases/ports.ts';
import { makeResolveWorkflow } from './use-cases/resolve-workflow.ts';
import { makeSuiteWork } from './use-cases/suite/work-on-run.ts';
import type { UseCases } from './use-cases/use-cases.ts';
import { withDirectory } from './use-cases/with-directory.ts';
import { withDocuments } from './use-cases/with-documents.ts';
import { warnOfGates } from './warn-of-gates.ts';

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
export async function startTowpath(
  config: Config,
  secretOf: SecretSource,
  log: Logger,
  { applyConfig }: StartArguments = { applyConfig: false },
): Promise<Towpath> {
  const started = new Started(log);
  try {
    return await startParts({ config, secretOf, log, force: applyConfig }, started);
  } catch (error) {
    await started.stop();
    throw error;
  }
}

interface Start {
  config: Config;
  secretOf: SecretSource;
  log: Logger;
  /** Whether its configuration is applied though another one was applied after it. */
  force: boolean;
}

async function startParts({ config, secretOf, log, force }: Start, started: Started): Promise<Towpath> {
  const configuration = await loadConfiguration(config, secretOf);
  const database = await openDatabase(config, log, started);
  const { persistence } = database;
  const metrics = createMetrics();
  const documents = makeDocuments({ maskKey: deriveKey(database.key, 'masked-values') });
  started.add('documents', () => documents.stop());
  // Known when Slack is; until then nobody acts, and the clock finds nobody in a group.
  let userGroups: PeopleDirectory | null = null;
  const membersOf = async (group: string) => {
    if (userGroups === null) throw new Error('Slack is not reached yet.');
    return userGroups.membersOf(group);
  };
  const ports = withDirectory(withDocuments(persistence.ports, documents), { membersOf });
  const { secretFolders: folders } = configuration;
  const barred = ownVariables(configuration);
  const secrets = makeSecrets({ variable: secretOf, barred, folders, vault: vaultAccess(secretOf) });
  const runners = openRunners(configuration.runners, secretOf, ports);
  const useCases = measureUseCases(makeUseCases(ports, secrets, runners), metrics);

  // Known when the server listens; the sandbox asks for it at each request.
  let port = config.port;
  const sandbox = config.slack === null ? await openSandbox(config, useCases, () => port, started) : null;
  const slack = slackConnection(config, sandbox);
  const workspace = await identifyWorkspace({ ...slack, log });
  if (sandbox === null) warnOfGates(configuration, config.publicUrl, log);
  await applyAtStart(ports, { workspace, configuration, admins: config.admins, force }, log);

  const { handledRequests } = persistence;
  const pictures = makePictures();
  started.add('pictures', () => pictures.stop());
  const { publicUrl } = config;
  const linkKey = deriveKey(database.key, 'diff-links');
  // The sandbox listens on this machine alone, whatever address was given.
  const reachedAt = () => (sandbox === null ? publicUrl : `http://127.0.0.1:${port}`);
  const app = createSlackApp({
    ...{ useCases, ports, slack, workspace, handledRequests, log, publicUrl, pictures },
    diffAddress: signedAddresses(linkKey, workspace.id, reachedAt),
  });
  userGroups = app.userGroups;
  const deliverWebhook = makeDeliverWebhook({ ports, secrets: secretOf, log });
  const gathering = {
    'ask-gate': makeAskGateTask(
      makeAskGate(
        ports,
        makeGateCaller({ secrets: secretOf, key: deriveKey(database.key, 'gate-answers'), reachedAt }),
      ),
    ),
    'check-parity': makeCheckParityTask(
      makeCheckParity(ports, secrets, makeProbes({ privateOrigins: configuration.runners?.privateOrigins ?? [] })),
    ),
  };
  const suiteWork = makeSuiteWork(ports, secrets, runners);
  const jobs = await startJobs({
    connectionString: database.connectionString,
    log,
    tasks: measureTasks(
      { ...app.deliverTasks, 'deliver-webhook': deliverWebhook, ...gathering, ...makeSuiteTasks(suiteWork) },
      metrics,
    ),
    ticks: ticks(useCases, persistence, workspace),
  });
  started.add('jobs', () => jobs.stop());
  started.add('runs of suites', () => suiteWork.stop());
  const notices = openNotices({ connectionString: database.connectionString, log });
  started.add('notices', () => notices.end());
  const tokens = rememberTokens(useCases, workspace, notices, log);
  started.add('tokens', () => tokens.end());
  const dataPlane = startDataPlane({
    ...{ workspaceId: workspace.id, ports, notices, log },
    changes: persistence.resolvedChanges,
    resolve: makeResolveWorkflow(ports),
  });
  started.add('data plane', () => dataPlane.stop());
  const http = await createHttpServer({
    useCases,
    dataPlane,
    api: { workspaceId: workspace.id, apiToken: config.apiToken?.reveal() ?? null, tokens },
    ...(app.requestListener === null ? {} : { slackListener: app.requestListener }),
    ready: async () => ({ database: await persistence.ready(), queue: jobs.ready() }),
    pictures,
    linkKey,
    metrics,
    log,
  });
  started.add('http', () => http.stop());
  port = await (sandbox === null ? http.listen({ port, host: '0.0.0.0' }) : listenHere(http, port));
  started.add('slack', () => app.stop());
  await app.start();
  const greeting =
    sandbox === null ? readPeople(app, log) : await greetNewcomer(sandbox, config.apiToken === null ? null : port);
  return { lines: [...database.notices, ...greeting], port, stop: () => started.stop() };
}

/** Tokens that requests show, remembered until the database tells that one changed. */
function rememberTokens(
  useCases: UseCases,
  { id: workspaceId }: SlackWorkspace,
  notices: Notices,
  log: Logger,
): TokenBook {
  const tokens = makeTokenBook({
    lookUp: (hash) => useCases.findToken({ workspaceId, hash }),
    recordUses: (tokenIds) => useCases.recordTokenUses({ workspaceId, tokenIds }),
    log,
  });
  notices.on('towpath_tokens', tokens.forget, tokens.doubtAll);
  return tokens;
}

/** A database that is up to date: the operator's, or one of Towpath's own. */
async function openDatabase(config: Config, log: Logger, started: Started) {
  const { connectionString, notices, key } = await locateDatabase(config, log, started);
  await migrate(connectionString, log);
  const persistence = await connectPersistence({ connectionString, log });
  started.add('database connections', () => persistence.close());
  // Where somebody reads many runs just now, its tick makes them a minute later.
  await persistence
    .ensureRunPartitions()
    .catch((error: unknown) => log.warn({ err: error }, 'the parts of the run records could not be made yet'));
  return { connectionString, notices, key, persistence };
}

async function locateDatabase(config: Config, log: Logger, started: Started) {
  if (config.databaseUrl !== null) {
    if (config.key === null) throw new Error('A database of the operator’s, and no key.');
    return { connectionString: config.databaseUrl.reveal(), notices: [], key: config.key.reveal() };
  }
  const database = await startEmbeddedPostgres({ dataDir: config.dataDirectory, log });
  started.add('embedded database', () => database.stop());
  return {
    key: config.key?.reveal() ?? (await ensureKey(config.dataDirectory)),
    connectionString: database.connectionString,
    notices: database.notice === undefined ? [] : [database.notice],
  };
}

async function openSandbox(config: Config, useCases: UseCases, port: () => number, started: Started): Promise<Sandbox> {
  const sandbox = await startSandbox({
    eventsUrl: () => `http://127.0.0.1:${port()}/slack/events`,
    useCases,
    stateFile: sandboxFile(config.dataDirectory, config.databaseUrl?.reveal() ?? null),
  });
  started.add('sandbox', () => sandbox.stop());
  return sandbox;
}

/**
 * The sandbox believes whoever says who they are, so with it nothing listens beyond this machine. Nobody but the sandbox needs
 * to know the port: where it is taken, any other will do.
 */
async function listenHere(http: HttpServer, port: number): Promise<number> {
  const host = '127.0.0.1';
  return http.listen({ port, host }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    return http.listen({ port: 0, host });
  });
}

/** One address; the API's too, on that port, for who set a token for it. */
async function greetNewcomer(sandbox: Sandbox, apiPort: number | null): Promise<string[]> {
  await sandbox.seed();
  const address = `Towpath is ready. Open ${sandbox.url} to try it.`;
  return apiPort === null ? [address] : [address, `Its API is at http://127.0.0.1:${apiPort}/api/v1/`];
}

/** Where the page of a comparison is reached by those to whom a link was given; null while nobody said where that is. */
function signedAddresses(key: Uint8Array, workspaceId: string, reachedAt: () => string | null): DiffAddress {
  return (subject, expiresAt) => {
    const origin = reachedAt();
    return origin === null ? null : `${origin}/diff/${signDiffLink({ workspaceId, subject, expiresAt }, key)}`;
  };
}

/** In the background: each person is looked up when they act, so nothing waits for the whole list. */
function readPeople(app: SlackApp, log: Logger): string[] {
  app
    .syncPeople()
    .catch((error: unknown) => log.warn({ err: error }, 'the list of people could not be read from Slack'));
  return [];
}

function ticks(useCases: UseCases, persistence: Persistence, workspace: SlackWorkspace) {
  const expire = async () => {
    await useCases.expirePromotions(workspace.id);
    await useCases.expireSettings(workspace.id);
  };
  return [
    { name: 'expire-promotions', schedule: '*/5 * * * * *', run: expire },
    {
      name: 'judge-due',
      schedule: '* * * * * *',
      run: async () => void (await useCases.judgeDue(workspace.id)),
    },
    {
      name: 'lost-runs-of-suites',
      schedule: '*/5 * * * * *',
      run: async () => void (await useCases.failLostSuiteRuns(workspace.id)),
    },
    { name: 'run-partitions', schedule: '40 * * * * *', run: () => persistence.ensureRunPartitions() },
    { name: 'forget-runs', schedule: '30 */10 * * * *', run: () => forgetRuns(persistence, workspace) },
    {
      name: 'sweep-changes',
      schedule: '0 */10 * * * *',
      run: async () => void (await persistence.resolvedChanges.sweep()),
    },
    { name: 'sweep', schedule: '0 17 * * * *', run: () => sweep(persistence, workspace.id) },
  ];
}

/** As long as the newest configuration says, which need not be the one that this process was started with. */
async function forgetRuns({ ports, forgetRuns: forget }: Persistence, { id }: SlackWorkspace): Promise<void> {
  const content = await ports.glance(id, (tx) => tx.configurationFile.content());
  if (content !== null) await forget(id, content.runs);
}

/** Forgets what nobody needs any more: Slack's repeats come within minutes, and deliveries are looked at within weeks. */
async function sweep(
  { handledRequests, purgeDeliveries, purgeEvidence, endPastHolds, ports }: Persistence,
  workspaceId: string,
): Promise<void> {
  await handledRequests.sweep(24);
  await purgeDeliveries(60);
  await purgeEvidence({ closed: 90, results: 400 });
  await endPastHolds();
  await ports.inTransaction(workspaceId, async (tx) => {
    await tx.agents.forget(30);
    await tx.executions.forget();
    // A day, so that whoever asks for a token a second time is noticed.
    await tx.logins.forget(new Date(tx.now.getTime() - 86_400_000));
  });
}

/** Vault's own variables, as its other clients take them. */
function vaultAccess(variable: SecretSource) {
  const address = variable('VAULT_ADDR');
  if (address === undefined || address === '') return null;
  return { address, token: () => variable('VAULT_TOKEN') ?? '', namespace: variable('VAULT_NAMESPACE') || null };
}
