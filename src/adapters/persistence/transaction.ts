import { setTimeout as wait } from 'node:timers/promises';
import type { BaseLogger } from 'pino';
import { z } from 'zod';
import type { Ports, Reading, Transaction } from '../../use-cases/ports.ts';
import { agentReader, agentWriter } from './agents.ts';
import { announcementReader, announcementWriter } from './announcements.ts';
import { auditReader, auditWriter } from './audit.ts';
import { configurationFileReader, configurationFileWriter } from './configuration-file.ts';
import { type Context, parseFirst } from './context.ts';
import { classify, outcomeUnknown, tooBusy, unreachable } from './database-failure.ts';
import { deploymentWriter } from './deployment-writer.ts';
import { deploymentReader } from './deployments.ts';
import { environmentReader, environmentWriter } from './environments.ts';
import { evidenceReader, evidenceWriter } from './evidence.ts';
import { executionReader, executionWriter } from './executions.ts';
import type { Prisma, PrismaClient } from './generated/client.ts';
import { holdReader, holdWriter } from './holds.ts';
import { liveReader } from './live.ts';
import { loginWriter } from './logins.ts';
import { emptyOutbox, sendAll } from './outbox.ts';
import { peopleReader } from './people.ts';
import { peopleWriter } from './people-writer.ts';
import { pictureReader, pictureWriter } from './pictures.ts';
import { promotionReader, promotionWriter } from './promotions.ts';
import { proposalReader, proposalWriter } from './proposals.ts';
import { runReader, runWriter } from './runs.ts';
import { settingsReader, settingsWriter } from './settings.ts';
import { suiteReader, suiteWriter } from './suites.ts';
import { tokenReader, tokenWriter } from './tokens.ts';
import { versionReader, versionWriter } from './versions.ts';
import { webhookReader, webhookWriter } from './webhooks.ts';
import { workflowReader, workflowWriter } from './workflows.ts';
import { workspaceReader, workspaceWriter } from './workspaces.ts';

/** Longer than a statement may take (`connect.ts`), so that the database is the first to say that it was too long. */
const PATIENCE = { maxWait: 10_000, timeout: 20_000 };
const RETRIES = 3;

type Mode = 'read only' | 'read write';
/** The other one's is the connection's own (`connection-pool.ts`), which costs no statement. */
const ISOLATION = { 'read only': { isolationLevel: 'RepeatableRead' }, 'read write': {} } as const;

export type FailureLog = Pick<BaseLogger, 'warn'>;

export function makePorts(prisma: PrismaClient, log: FailureLog): Ports {
  return {
    inTransaction: (workspaceId, work) =>
      retrying(log, () =>
        runOnce(prisma, 'read write', async (db) => {
          const context = await openContext(db, workspaceId, 'read write');
          const result = await work(transactionOn(context));
          await sendAll(context);
          return result;
        }),
      ),
    reading: (workspaceId, work) =>
      retrying(log, () =>
        runOnce(prisma, 'read only', async (db) => {
          return work(readingOn(await openContext(db, workspaceId, 'read only')));
        }),
      ),
    glance: (workspaceId, ask) =>
      translated(log, () => {
        const clock = { now: new Date() };
        return ask(readingOn({ db: prisma, workspaceId, clock, versions: new Map(), outbox: emptyOutbox() }));
      }),
  };
}

/** Says what a failure means for whoever asked, and to the operator what it was. @throws Refusal unavailable */
export async function translated<T>(log: FailureLog, work: () => PromiseLike<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const failure = classify(error);
    if (failure !== 'lost' && failure !== 'busy') throw error;
    log.warn({ err: error }, failure === 'lost' ? 'the database could not be reached' : 'the database took too long');
    throw failure === 'lost' ? unreachable() : tooBusy();
  }
}

/** Whoever lost a race starts anew, and finds then what the winner did. */
async function retrying<T>(log: FailureLog, attempt: () => Promise<T>): Promise<T> {
  for (let retry = 1; ; retry++) {
    try {
      return await translated(log, attempt);
    } catch (error) {
      if (classify(error) !== 'race' || retry > RETRIES) throw error;
      await wait(Math.random() * 10 * retry);
    }
  }
}

async function runOnce<T>(
  prisma: PrismaClient,
  mode: Mode,
  work: (db: Prisma.TransactionClient) => Promise<T>,
): Promise<T> {
  let committing = false;
  const run = async (db: Prisma.TransactionClient) => {
    const result = await work(db);
    committing = mode === 'read write';
    return result;
  };
  try {
    return await prisma.$transaction(run, { ...PATIENCE, ...ISOLATION[mode] });
  } catch (error) {
    if (committing && classify(error) === 'lost') throw outcomeUnknown();
    throw error;
  }
}

async function openContext(db: Prisma.TransactionClient, workspaceId: string, mode: Mode): Promise<Context> {
  return { db, workspaceId, clock: { now: await readClock(db, mode) }, versions: new Map(), outbox: emptyOutbox() };
}

async function readClock(db: Prisma.TransactionClient, mode: Mode): Promise<Date> {
  const readOnly = mode === 'read only' ? 'on' : 'off';
  const row = await parseFirst(
    db.$queryRaw`
      SELECT date_trunc('milliseconds', clock_timestamp()) AS now, set_config('transaction_read_only', ${readOnly}, true) AS mode`,
    z.object({ now: z.date() }),
  );
  if (row === null) throw new Error('The database does not tell the time.');
  return row.now;
}

function readingOn(context: Context): Reading {
  return {
    get now() {
      return context.clock.now;
    },
    workspaceId: context.workspaceId,
    workspace: workspaceReader(context),
    configurationFile: configurationFileReader(context),
    people: peopleReader(context),
    environments: environmentReader(context),
    settings: settingsReader(context),
    proposals: proposalReader(context),
    live: liveReader(context),
    workflows: workflowReader(context),
    versions: versionReader(context),
    deployments: deploymentReader(context),
    promotions: promotionReader(context),
    evidence: evidenceReader(context),
    holds: holdReader(context),
    suites: suiteReader(context),
    audit: auditReader(context),
    announcements: announcementReader(context),
    webhooks: webhookReader(context),
    pictures: pictureReader(context),
    runs: runReader(context),
    tokens: tokenReader(context),
    agents: agentReader(context),
    executions: executionReader(context),
  };
}

function transactionOn(context: Context): Transaction {
  return {
    get now() {
      return context.clock.now;
    },
    workspaceId: context.workspaceId,
    workspace: { ...workspaceReader(context), ...workspaceWriter(context) },
    configurationFile: { ...configurationFileReader(context), ...configurationFileWriter(context) },
    people: { ...peopleReader(context), ...peopleWriter(context) },
    environments: { ...environmentReader(context), ...environmentWriter(context) },
    settings: { ...settingsReader(context), ...settingsWriter(context) },
    proposals: { ...proposalReader(context), ...proposalWriter(context) },
    live: liveReader(context),
    workflows: { ...workflowReader(context), ...workflowWriter(context) },
    versions: { ...versionReader(context), ...versionWriter(context) },
    deployments: { ...deploymentReader(context), ...deploymentWriter(context) },
    promotions: { ...promotionReader(context), ...promotionWriter(context) },
    evidence: { ...evidenceReader(context), ...evidenceWriter(context) },
    holds: { ...holdReader(context), ...holdWriter(context) },
    suites: { ...suiteReader(context), ...suiteWriter(context) },
    audit: { ...auditReader(context), ...auditWriter(context) },
    announcements: { ...announcementReader(context), ...announcementWriter(context) },
    webhooks: { ...webhookReader(context), ...webhookWriter(context) },
    pictures: { ...pictureReader(context), ...pictureWriter(context) },
    runs: { ...runReader(context), ...runWriter(context) },
    tokens: { ...tokenReader(context), ...tokenWriter(context) },
    agents: { ...agentReader(context), ...agentWriter(context) },
    executions: { ...executionReader(context), ...executionWriter(context) },
    logins: loginWriter(context),
  };
}
