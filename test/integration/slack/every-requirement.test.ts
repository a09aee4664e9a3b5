import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StandInMessage } from '../../../src/adapters/sandbox/start-slack-stand-in.ts';
import type { CheckResult } from '../../../src/domain/check-result.ts';
import { parseTowpathYaml } from '../../../src/domain/configuration/parse-towpath-yaml.ts';
import { makeApplyConfiguration } from '../../../src/use-cases/apply-configuration.ts';
import { letTimePass } from '../../support/use-cases/ask-more.ts';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

const DAY = 86_400_000;
const WORKSPACE = 'T0CANAL';
const configuration = (asks: string, greeting: string) => `
environments:
  - { name: development, aliases: [dev], settings: { variables: { GREETING: hello } } }
  - name: staging
    channel: C0STAGING
    ${asks}
    settings: { variables: { ${greeting} } }
people: { U0LEE: lead }
`;

let towpath: SlackTowpath;
let workflow: string;
let nth = 0;
beforeAll(async () => {
  towpath = await startSlackTowpath({ configuration: configuration('approvals: []', 'GREETING: hello') });
});
afterAll(() => towpath.stop());
beforeEach(() => {
  nth += 1;
  workflow = `asked-${nth}`;
});

/** As a start with another file does. */
const start = (asks: string, greeting = 'GREETING: hello') =>
  makeApplyConfiguration(towpath.persistence.ports)({
    workspace: { id: WORKSPACE, name: 'Canal', botUserId: 'U0BOT' },
    configuration: parseTowpathYaml(configuration(asks, greeting), { fileName: 'towpath.yaml' }),
    admins: [],
    force: true,
  });
const blocksOf = (message: StandInMessage) => JSON.stringify(message.blocks);
/** A lead asks for a version that U0DEV pushed. */
const ask = async (version: number, prompt?: string, words = `asks to take ${workflow} v${version}`) => {
  await towpath.push(version, { workflow, ...(prompt !== undefined && { prompt }) });
  await towpath.slack.type('U0DEV', 'C0GENERAL', `/deploy ${workflow}`);
  await towpath.told('U0DEV', 'C0GENERAL', `${workflow} v${version} is live`);
  await towpath.slack.type('U0LEE', 'C0GENERAL', `/promote ${workflow} staging`);
  return towpath.message('C0STAGING', 'the card', (m) => m.text.includes(words));
};
const saying = (card: StandInMessage, words: string) =>
  towpath.message('C0STAGING', `the card to say ${words}`, (m) => m.ts === card.ts && blocksOf(m).includes(words));
const judgeAfter = async (milliseconds: number) => {
  await letTimePass(towpath.persistence, { workspaceId: WORKSPACE }, milliseconds);
  await towpath.useCases.judgeDue(WORKSPACE);
};
/** As whatever replays tells it. */
const replayed = (but: Pick<CheckResult, 'state'> & Partial<CheckResult>) =>
  towpath.persistence.ports.inTransaction(WORKSPACE, async (tx) => {
    const [, staging] = await tx.environments.pipeline();
    const flow = await tx.workflows.find(workflow);
    const newest = await tx.versions.newest(flow?.id ?? '');
    const place = { environmentId: staging?.id ?? '', versionId: newest?.id ?? '' };
    const live = await tx.deployments.findActive(flow?.id ?? '', place.environmentId);
    await tx.evidence.recordCheck({
      liveVersionId: live?.versionId ?? '',
      kind: 'shadow',
      name: 'shadow',
      at: tx.now,
      source: 'suite',
      by: 'towpath',
      ...place,
      ...but,
    });
    await tx.promotions.markForJudging(place);
  });
const LIVE = '✅ *Live in staging*';

describe('a promotion in Slack', () => {
  test('waits for its soak, says since when and until when, and goes live by the clock', async () => {
    await start('approvals: []\n    requires: { soak: { for: 24h } }');
    const card = await ask(1);
    expect(blocksOf(card)).toContain('Soak of 24 h');
    expect(blocksOf(card)).toMatch(/<!date\^\d+/);
    await judgeAfter(DAY - 60_000);
    expect(blocksOf(await saying(card, 'Soak of 24 h'))).not.toContain(LIVE);
    await judgeAfter(60_000);
    await saying(card, LIVE);
  });

  test('waits for a replay beside what is live, and is not let through by one that diverged', async () => {
    await start('approvals: []\n    requires: { shadow: { sample: 10, minSimilarity: 0.85, maxDivergence: 0.1 } }');
    await ask(1, undefined, 'v1');
    const card = await ask(2);
    expect(blocksOf(card)).toContain('Shadow of 10 inputs, at most 10% diverging');
    await replayed({ state: 'running', detail: '4 of 10 replayed' });
    await judgeAfter(1_000);
    await saying(card, '4 of 10 replayed');
    await replayed({ state: 'failed', passed: 8, failed: 2, score: 0.9 });
    await judgeAfter(1_000);
    await saying(card, 'Shadow: 20% of 10 answers diverged, at most 10% may');
    await replayed({ state: 'passed', passed: 9, failed: 1, score: 0.9 });
    await judgeAfter(1_000);
    await saying(card, LIVE);
  });

  test('is approved by its owner and by somebody named, and by nobody else', async () => {
    await start('approvals: [{ owner: true }, { people: [U0LIA, U0OTHER], label: stakeholder }]');
    const card = await ask(1);
    expect(blocksOf(card)).toContain('the workflow’s owner');
    await towpath.slack.click('U0ADA', card, 'approve_promotion');
    await towpath.told('U0ADA', 'C0STAGING', 'is decided by the workflow’s owner and stakeholder');
    await towpath.slack.click('U0LIA', card, 'approve_promotion');
    const approved = await saying(card, '✓ <@U0LIA>');
    expect(blocksOf(approved)).not.toContain(LIVE);
    await towpath.slack.click('U0DEV', approved, 'approve_promotion');
    await saying(card, LIVE);
  });

  test('that lost a value it uses says which and how to give it, and goes live once it is there', async () => {
    await start('approvals: [{ role: lead }]');
    await towpath.push(1, { workflow, prompt: 'Say ${GREETING}.' });
    await towpath.slack.type('U0DEV', 'C0GENERAL', `/deploy ${workflow}`);
    await towpath.told('U0DEV', 'C0GENERAL', `${workflow} v1 is live`);
    await towpath.slack.type('U0DEV', 'C0GENERAL', `/promote ${workflow} staging`);
    const card = await towpath.message('C0STAGING', 'the card', (m) => m.text.includes(`asks to take ${workflow} v1`));
    await start('approvals: [{ role: lead }]', 'OTHER: x');
    const shown = await saying(card, 'A value in staging for every name it uses');
    expect(blocksOf(shown)).toContain('GREETING');
    await towpath.slack.click('U0LEE', shown, 'approve_promotion');
    expect(blocksOf(await saying(card, '✓ <@U0LEE>'))).not.toContain(LIVE);
    await start('approvals: [{ role: lead }]');
    await saying(card, 'approved an earlier state');
    await towpath.slack.click('U0LEE', card, 'approve_promotion');
    await saying(card, LIVE);
  });

  test('stays outside of the only window in which its environment may be changed', async () => {
    const window = (days: string) =>
      `approvals: []\n    requires: { freezes: [{ rrule: "FREQ=YEARLY;BYMONTH=${days}", timeZone: UTC, lasts: 1d, kind: allow, reason: Quiet days }] }`;
    await start(window('1;BYMONTHDAY=1;BYHOUR=0'));
    const card = await ask(1);
    expect(blocksOf(card)).toContain('Outside of when staging may be changed');
    expect(blocksOf(card)).toContain('Quiet days');
    await start('approvals: []');
    await saying(card, LIVE);
  });
});
