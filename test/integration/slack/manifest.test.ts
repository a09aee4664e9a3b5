import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { fillManifest } from '../../../src/adapters/slack/fill-manifest.ts';
import { testChannels, testTeam } from '../../support/slack/test-workspace.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

let towpath: SlackTowpath | undefined;
afterEach(async () => {
  await towpath?.stop();
  towpath = undefined;
});

const template = readFileSync(new URL('../../../manifest.yml', import.meta.url), 'utf8');
const manifest = z
  .object({
    features: z.object({
      slash_commands: z.array(
        z.object({
          command: z.string(),
          usage_hint: z.string(),
          description: z.string(),
          should_escape: z.literal(true),
          url: z.url().optional(),
        }),
      ),
    }),
    oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
    settings: z.object({
      event_subscriptions: z.object({ request_url: z.url().optional(), bot_events: z.array(z.string()) }),
      interactivity: z.object({ is_enabled: z.literal(true), request_url: z.url().optional() }),
      socket_mode_enabled: z.boolean(),
    }),
  })
  .parse(parse(template));
const scopes = manifest.oauth_config.scopes.bot;
const PRIVATE = { id: 'C0CREW', name: 'crew', isPrivate: true };

/** Everything that Towpath asks of Slack, once; answers what Slack would not allow. */
async function useEverything(granted: readonly string[]): Promise<string[]> {
  towpath = await startSlackTowpath({
    delivers: false,
    slack: {
      scopes: granted,
      subscribedEvents: manifest.settings.event_subscriptions.bot_events,
      channels: [...testChannels, PRIVATE],
      userGroups: { S0SRE: ['U0LEE'] },
    },
  });
  const { slack, app, persistence } = towpath;
  await app.syncPeople().catch(() => undefined);
  await app.userGroups.membersOf('S0SRE').catch(() => undefined);
  await slack.openHome('U0DEV');
  for (const target of ['C0GENERAL', PRIVATE.id, 'U0DEV']) {
    const { ports } = persistence;
    const announcementId = await ports.inTransaction(testTeam.id, (tx) =>
      tx.announcements.post({ kind: 'notice', subjectId: crypto.randomUUID(), target, payload: { text: 'Hello' } }),
    );
    // As after a crash in the middle of posting: searched for first.
    await ports.inTransaction(testTeam.id, (tx) => tx.announcements.mark(announcementId, { state: 'attempted' }));
    await app.deliverTasks['post-announcement']({ announcementId, workspaceId: testTeam.id }).catch(() => undefined);
  }
  await persistence.sql(
    "INSERT INTO person (workspace_id, user_id, name, refreshed_at) VALUES ($1, 'U0DEV', 'dev', now()) ON CONFLICT (workspace_id, user_id) DO UPDATE SET refreshed_at = now()",
    [testTeam.id],
  );
  await drawPicture();
  const pushed = await pushFile();
  // Not in the list of people, so looked up.
  await slack.type('U0STRANGER', 'C0GENERAL', '/towpath help');
  await waitUntil('somebody to be looked up', () => slack.calls.some(({ method }) => method === 'users.info'));
  const refused = slack.calls.filter(({ answer }) => answer === 'missing_scope').map(({ method }) => method);
  return pushed ? refused : [...refused, 'file'];
}

/** A request that changes two steps at once, and the picture for its card. */
async function drawPicture(): Promise<void> {
  const { useCases, app } = towpath ?? failed();
  const actor = { workspaceId: testTeam.id, userId: 'U0DEV', via: 'slack' as const };
  const steps = ['read', 'answer'].map((id) => ({ id, type: 'llm', task: id }));
  await useCases.pushVersion({ actor, source: JSON.stringify({ apiVersion: 'towpath/v1', name: 'drawn', steps }) });
  await useCases.deployVersion({ actor, workflow: 'drawn' });
  const asked = await useCases.requestPromotion({ actor, workflow: 'drawn', environment: 'staging' });
  if (asked.kind !== 'opened') throw new Error('No promotion was opened.');
  const payload = { promotionId: asked.promotion.id, workspaceId: testTeam.id };
  await app.deliverTasks['draw-card-picture'](payload).catch(() => undefined);
}

async function pushFile(): Promise<boolean> {
  const { slack } = towpath ?? failed();
  await slack.type('U0DEV', 'C0GENERAL', '/towpath push');
  const modal = (words: string) =>
    waitUntil(words, () => slack.modals('U0DEV').findLast((m) => JSON.stringify(m.view.blocks).includes(words)));
  const form = await modal('Workflow file');
  const { id } = slack.uploadFile('U0DEV', 'flow.json', '{"name":"flow","steps":[]}');
  await slack.submitView('U0DEV', form.id, { file: [id] });
  await waitUntil(
    'the result',
    () =>
      slack.modals('U0DEV').length === 2 &&
      !JSON.stringify(slack.modals('U0DEV').at(-1)?.view.blocks).includes('Working on it'),
  );
  return !JSON.stringify(slack.modals('U0DEV').at(-1)?.view.blocks).includes('did not hand out the file');
}

test('the scopes of manifest.yml are enough', async () => {
  expect(await useEverything(scopes)).toEqual([]);
});

// Slack itself wants `commands` for the slash commands; no call needs it.
test.each(scopes.filter((scope) => scope !== 'commands'))('the scope %s is used', async (scope) => {
  expect(await useEverything(scopes.filter((other) => other !== scope))).not.toEqual([]);
});

test('the manifest names every command and event that is listened to', () => {
  expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual([
    '/deploy',
    '/promote',
    '/approve',
    '/reject',
    '/rollback',
    '/towpath',
  ]);
  expect(manifest.settings.event_subscriptions.bot_events).toEqual(['app_home_opened', 'team_join', 'user_change']);
  expect(manifest.settings.socket_mode_enabled).toBe(false);
});

test('the manifest is filled in for an address, and for Socket Mode without one', () => {
  const filled = fillManifest(template, { host: 'https://towpath.acme.dev/' });
  expect(filled).not.toContain('towpath.example.com');
  expect(filled.match(/https:\/\/towpath\.acme\.dev\/slack\/events/g)).toHaveLength(8);
  const socket = fillManifest(template, { socket: true });
  expect(parse(socket).settings.socket_mode_enabled).toBe(true);
  expect(socket).not.toContain('/slack/events');
  for (const host of ['http://towpath.acme.dev', 'https://towpath.acme.dev/path', 'towpath.acme.dev', undefined]) {
    expect(() => fillManifest(template, host === undefined ? {} : { host })).toThrow(/https/);
  }
});

function failed(): never {
  throw new Error('Not started.');
}
