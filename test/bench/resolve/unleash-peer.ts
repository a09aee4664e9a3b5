import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';

const run = promisify(execFile);

export interface UnleashPeer {
  /** Arguments of `unleash-server.ts`. */
  args: string[];
  headers: Record<string, string>;
  path: string;
  /** Once it has made its tables: gives it so many features with a strategy each, all on. */
  fill(features: number): Promise<void>;
  end(): Promise<void>;
}

/**
 * Unleash, installed into a temporary folder (never into this project) with a database of its own beside Towpath's.
 * @throws where it can't be installed, such as without a network
 */
export async function installUnleash(connectionString: string): Promise<UnleashPeer> {
  const folder = await mkdtemp(join(tmpdir(), 'towpath-bench-peer-'));
  const own = new URL(connectionString);
  own.pathname = '/unleash_peer';
  await asking(connectionString, (client) => client.query('CREATE DATABASE unleash_peer'));
  await writeFile(join(folder, 'package.json'), '{ "name": "peer", "private": true }');
  await run('npm', ['install', 'unleash-server@8', '--ignore-scripts', '--no-audit', '--no-fund', '--no-save'], {
    cwd: folder,
  });
  const token = `*:production.${randomBytes(24).toString('hex')}`;
  return {
    args: [folder, own.href, token],
    headers: { authorization: token },
    path: '/api/client/features',
    fill: (features) => asking(own.href, (client) => fill(client, features)),
    end: () => rm(folder, { recursive: true, force: true }),
  };
}

async function fill(client: Client, features: number): Promise<void> {
  await client.query('TRUNCATE features CASCADE');
  await client.query(
    `INSERT INTO features (name, description, project, type) SELECT 'flow-' || n, 'Workflow ' || n, 'default', 'release' FROM generate_series(1, $1::int) n`,
    [features],
  );
  await client.query(
    `INSERT INTO feature_environments (environment, feature_name, enabled) SELECT 'production', name, true FROM features`,
  );
  await client.query(
    `INSERT INTO feature_strategies (id, feature_name, project_name, environment, strategy_name, parameters)
     SELECT gen_random_uuid()::text, name, 'default', 'production', 'flexibleRollout', '{"rollout": "100", "stickiness": "default", "groupId": "all"}'
     FROM features`,
  );
  await client.query('ANALYZE features, feature_environments, feature_strategies');
  // What it remembers is asked anew once its counter of changes has moved.
  await client.query(
    `INSERT INTO events (type, created_by, data, feature_name, environment) VALUES ('feature-created', 'bench', '{}', 'flow-1', 'production')`,
  );
}

async function asking(connectionString: string, ask: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await ask(client);
  } finally {
    await client.end();
  }
}
